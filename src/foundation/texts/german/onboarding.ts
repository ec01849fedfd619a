import type { Texts } from '../english.ts'

export const setup: Texts['setup'] = {
  title: 'Diesen Server einrichten',
  welcome: 'Sie werden der erste Admin dieses Servers.',
  stepYou: 'Ihr Admin\u2011Konto erstellen',
  stepSecond: 'Ihr Konto schützen',
  stepCodes: 'Speichern Sie Ihre Wiederherstellungs\u00ADcodes',
  codeTitle: 'Einrichtung',
  codeLead:
    'Dieser Server ist noch nicht eingerichtet. Öffnen Sie den Einrichtungslink aus der Konsole des Servers oder erstellen Sie auf dem Server einen neuen:',
  codeUnknown:
    'Dieser Einrichtungscode funktioniert nicht. Fügen Sie den ganzen Link ein oder erstellen Sie mit dem Befehl oben einen neuen.',
  open: 'Einrichtung beginnen',
  resume: 'Willkommen zurück. Sie haben schon einen Benutzernamen und ein Passwort gewählt.',
  resumeLink: 'Einrichtung fortsetzen',
  restartSignIn: 'Mit anderem Benutzernamen neu beginnen',
  tookTooLong:
    'Diese Seite ist abgelaufen. Öffnen Sie Ihren Einrichtungslink noch einmal und geben Sie die Angaben erneut ein.',
  expired: 'Dieser Einrichtungslink ist abgelaufen',
  expiredText: (lifetime) => `Er war nur ${lifetime} gültig. Erstellen Sie auf dem Server einen neuen:`,
  refused: 'Dieser Einrichtungslink funktioniert nicht',
  another: 'Vielleicht hat ein neuerer ihn ersetzt. Erstellen Sie auf dem Server einen neuen:',
  publicUrl: (url) => `Adresse dieses Servers: ${url} (Falsch? Setzen Sie public_url.)`,
  otherUrl: (url, here) =>
    `Links und Formulare verwenden ${url}, Sie haben aber ${here} geöffnet. Wenn die geöffnete Adresse gelten soll, starten Sie den Server mit:`,
}

export const invitation: Texts['invitation'] = {
  title: (instance) => `Willkommen bei ${instance}`,
  titleAgain: (instance) => `Willkommen zurück bei ${instance}`,
  shortTitle: 'Einladung',
  hello: (name) => `Hallo ${name}.`,
  madeBy: (by) => `${by ?? 'Ein Admin'} hat ein Konto für Sie angelegt.`,
  sentBy: (by) => `${by ?? 'Ein Admin'} hat Ihnen diesen Link geschickt, damit Sie Ihre Anmeldung neu einrichten.`,
  choose: 'Wählen Sie ein Passwort und richten Sie danach Ihren zweiten Schritt ein.',
  keep: 'Geben Sie Ihr bisheriges Passwort ein oder wählen Sie ein neues. Richten Sie danach Ihren zweiten Schritt ein.',
  until: 'Diese Einladung gilt bis',
  expired: 'Diese Einladung ist abgelaufen',
  expiredText: (when, by) => `Sie ist am ${when} abgelaufen. Bitten Sie ${by ?? 'einen Admin'} um eine neue.`,
  replaced: 'Es gibt einen neueren Link',
  replacedText: (when) =>
    `Am ${when} haben wir eine Erinnerung mit einem neuen Link an dieselbe E-Mail-Adresse geschickt. Öffnen Sie den Link in dieser E-Mail.`,
  used: 'Diese Einladung wurde schon verwendet',
  usedText:
    'Melden Sie sich mit dem Benutzernamen und dem Passwort an, das Sie gewählt haben. Waren Sie das nicht? Sagen Sie es sofort einem Admin.',
  unknown: 'Diese Einladung funktioniert nicht',
  unknownText:
    'Vielleicht wurde sie ersetzt. Prüfen Sie, ob Sie den ganzen Link kopiert haben, versuchen Sie den neuesten oder bitten Sie um einen neuen.',
}
