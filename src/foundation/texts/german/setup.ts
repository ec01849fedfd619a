// The first admin’s set-up.
import type { setup as englishSetup } from '../english/setup.ts'

export const setup: typeof englishSetup = {
  title: 'Diesen Server einrichten',
  welcome: 'Sie werden der erste Admin dieses Servers.',
  steps: 'Schritte',
  you: 'Sie',
  secondStep: 'Zweiter Schritt',
  codes: 'Wiederherstellungscodes',
  stepYou: 'Schritt 1 von 3: Sie',
  stepSecond: 'Schritt 2 von 3: Zweiter Schritt',
  stepCodes: 'Schritt 3 von 3: Wiederherstellungs\u00ADcodes',
  codeTitle: 'Einrichtung',
  codeLead:
    'Dieser Server ist noch nicht eingerichtet. Öffnen Sie den Einrichtungslink aus dem Log des Servers oder erstellen Sie auf dem Server einen neuen:',
  codeUnknown:
    'Das ist kein Einrichtungscode dieses Servers. Fügen Sie den ganzen Link ein oder erstellen Sie mit dem Befehl oben einen neuen.',
  open: 'Öffnen',
  resume: 'Willkommen zurück. Sie haben hier schon einen Benutzernamen und ein Passwort gewählt.',
  resumeLink: 'Weiter mit Schritt 2',
  restartSignIn: 'Mit anderem Benutzernamen neu beginnen',
  tookTooLong:
    'Das hat zu lange gedauert. Öffnen Sie Ihren Einrichtungslink noch einmal; verloren ist nur, was Sie eingegeben haben.',
  expired: 'Dieser Einrichtungslink ist abgelaufen',
  expiredText: (lifetime) => `Er gilt nur eine Zeit lang (${lifetime}). Erstellen Sie auf dem Server einen neuen:`,
  refused: 'Dieser Einrichtungslink gilt nicht',
  another: 'Vielleicht hat ein neuerer ihn ersetzt. Erstellen Sie auf dem Server einen neuen:',
  address: (url) => `Dieser Server wird unter ${url} erreichbar sein.`,
  otherAddress: (url, here) =>
    `Links und die Herkunftsprüfung benutzen ${url}, Sie haben aber ${here} geöffnet. Soll die zweite Adresse gelten, starten Sie den Server mit dieser Einstellung:`,
}
