// Words that many pages share.
import type { words as englishWords } from '../english/words.ts'

export const words: typeof englishWords = {
  continue: 'Weiter',
  cancel: 'Abbrechen',
  save: 'Speichern',
  next: 'Weiter',
  previous: 'Zurück',
  pages: 'Seiten',
  search: 'Suchen',
  never: 'nie',
  justNow: 'gerade eben',
  inAMoment: 'gleich',
  stepOf: (step, all) => `Schritt ${step} von ${all}`,
  problem: 'Das braucht noch einen Blick',
  errorTitle: (title) => `Bitte prüfen: ${title}`,
  unknownFault: 'Sehen Sie sich das noch einmal an.',
  skip: 'Zur Seite springen',
  navigation: 'Hauptnavigation',
  theme: 'Aussehen',
  themes: { system: 'System', light: 'Hell', dark: 'Dunkel' },
  showPassword: 'Passwort anzeigen',
  capsLock: 'Die Feststelltaste ist an',
  copy: 'Kopieren',
  copied: 'Kopiert.',
  sameWithTheApi: 'Dasselbe mit der API',
  sameWithTheApiHint: 'Für ein Terminal; legen Sie zuerst Ihr Zugriffstoken in TOKEN ab.',
}
