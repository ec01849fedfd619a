import type { Texts } from '../english.ts'

export const appPresets: Texts['appPresets'] = {
  lead: 'Was möchten Sie verbinden?',
  any: 'Beliebige App',
  programs: 'Programme',
  other: { title: 'Etwas anderes', about: 'Alle Einstellungen selbst eingeben' },
  formTitle: (program) => `${program} eintragen`,
  programLead: 'Geben Sie die Adresse ein. Alles andere ist ausgefüllt.',
  filledLead: 'Alles ist ausgefüllt.',
  ran: (program, date) => `Ausprobiert mit ${program} am ${date}.`,
  notRun: 'Die Einstellungen stammen aus der Anleitung des Programms und sind nicht ausprobiert.',
  url: 'Adresse der App',
  urlHint: (example) => `Wo man sie öffnet. Beispiel: ${example}`,
  urlInUris: '{url} steht für die Adresse oben.',
  settingsLead: 'Tragen Sie das in der App ein.',
  settingsFor: 'Angaben für',
  anyApp: 'Beliebige App',
  show: 'Anzeigen',
  secretToEnter:
    'Setzen Sie das Geheimnis der App an die Stelle von CLIENT_SECRET. Es war zu sehen, als es erstellt wurde.',
  single: 'Einzeln',
}
