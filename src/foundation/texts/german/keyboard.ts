import type { Texts } from '../english.ts'

export const keyboard: Texts['keyboard'] = {
  title: 'Gehe zu',
  find: 'Suchen',
  control: 'Strg',
  search: 'Benutzer, Gruppen, Richtlinien, Apps und Seiten suchen',
  none: (typed) => `Keine Treffer für „${typed}“`,
  found: (count, shown) => (count === 1 ? '1 Treffer' : `${shown} Treffer`),
  exportActivity: 'Aktivität exportieren',
  keys: 'Tastenkürzel',
  lists: 'Listen',
  everywhere: 'Überall',
  rows: 'Nächste oder vorige Zeile',
  tick: 'Zeile auswählen',
  open: 'Zeile öffnen',
  close: 'Schließen',
  setting: {
    title: 'Tastatur',
    lead: 'Auf Admin-Seiten wirken einzelne Tasten als Kürzel. „?“ zeigt dort alle. Strg K wirkt immer.',
    on: 'Ein-Tasten-Kürzel in diesem Browser: ein',
    off: 'Ein-Tasten-Kürzel in diesem Browser: aus',
    turnOn: 'Ein-Tasten-Kürzel einschalten',
    turnOff: 'Ein-Tasten-Kürzel ausschalten',
  },
}
