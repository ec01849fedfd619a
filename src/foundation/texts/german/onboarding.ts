import type { Texts } from '../english.ts'

export const setup: Texts['setup'] = {
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

export const invitation: Texts['invitation'] = {
  title: (instance) => `Willkommen bei ${instance}`,
  titleAgain: (instance) => `Willkommen zurück bei ${instance}`,
  shortTitle: 'Einladung',
  madeBy: (name, by) => `${greeting(name, by)} hat ein Konto für Sie angelegt.`,
  sentBy: (name, by) =>
    `${greeting(name, by)} hat Ihnen diesen Link geschickt, damit Sie Ihre Anmeldung neu einrichten.`,
  choose: 'Wählen Sie ein Passwort und richten Sie danach Ihren zweiten Schritt ein.',
  keep: 'Geben Sie Ihr bisheriges Passwort ein oder wählen Sie ein neues. Richten Sie danach Ihren zweiten Schritt ein.',
  expired: 'Diese Einladung ist abgelaufen',
  expiredText: (when, by) =>
    `Sie galt bis zum ${when}. Bitten Sie ${by === null ? 'einen Admin' : `den Admin ${by}`} um eine neue.`,
  used: 'Diese Einladung wurde schon verwendet',
  usedText:
    'Melden Sie sich mit dem Benutzernamen und dem Passwort an, das Sie gewählt haben. Haben nicht Sie sie verwendet, sagen Sie es sofort einem Admin.',
  unknown: 'Diese Einladung gilt nicht',
  unknownText:
    'Vielleicht wurde sie zurückgezogen oder durch eine neuere ersetzt. Prüfen Sie, ob der Link vollständig ist, öffnen Sie die neueste, die Sie haben, oder bitten Sie um eine neue.',
}

function greeting(name: string | null, by: string | null): string {
  return `${name === null ? '' : `Guten Tag, ${name}. `}${by === null ? 'Ein Admin' : `Der Admin ${by}`}`
}
