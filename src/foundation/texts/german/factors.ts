import type { Texts } from '../english.ts'

export const enrolment: Texts['enrolment'] = {
  title: 'Zweiten Schritt einrichten',
  why: (instance) => `${instance} verlangt einen zweiten Schritt. Ihn einzurichten dauert etwa eine Minute.`,
  passkey: 'Passkey',
  passkeyText:
    'Fingerabdruck, Gesicht oder Sicherheitsschlüssel. Am schnellsten, und kein Betrüger kann ihn abfischen.',
  app: 'Authenticator-App',
  appText: 'Ein sechsstelliger Code von Ihrem Telefon.',
  appTitle: 'Authenticator-App einrichten',
  passkeyTitle: 'Passkey erstellen',
  passkeyLead:
    'Ihr Browser fragt, wo er den Passkey aufbewahren soll: auf diesem Gerät, in einem Passwort-Manager oder auf einem Sicherheitsschlüssel.',
  passkeyName: 'Name (freiwillig)',
  passkeyNameHint: 'Etwa das Gerät, auf dem er ist. Admins sehen den Namen auch.',
  create: 'Passkey erstellen',
  noPasskey:
    'Es wurde kein Passkey erstellt. Versuchen Sie es noch einmal, oder nehmen Sie ein anderes Gerät oder einen anderen Passwort-Manager.',
  withoutScripts: 'Ein Passkey braucht JavaScript, das dieser Browser hier nicht ausführt.',
  usePasskey: 'Stattdessen einen Passkey nehmen',
  useApp: 'Stattdessen eine Authenticator-App nehmen',
  open: 'Öffnen Sie Ihre Authenticator-App',
  which: 'Welche App?',
  whichText:
    'Jede App, die sechsstellige Codes zeigt, ist recht; auch viele Passwort-Manager können das. Haben Sie noch keine, installieren Sie zuerst eine auf Ihrem Telefon: zum Beispiel Aegis, 2FAS, Ente Auth, Google Authenticator oder Microsoft Authenticator.',
  scan: 'Scannen Sie diesen Code mit der App',
  qrLabel: 'QR-Code für Ihre Authenticator-App. Können Sie nicht scannen, nehmen Sie den Einrichtungsschlüssel.',
  setupKey: 'Oder tippen Sie diesen Einrichtungsschlüssel ein',
  otpauth: 'In einer App auf diesem Gerät öffnen',
  details: 'Angaben für die App',
  detailsText: 'Zeitbasiert, SHA-1, 6 Ziffern, alle 30 Sekunden ein neuer Code.',
  enter: 'Geben Sie den Code ein, den die App zeigt',
  submit: 'Einschalten',
}

export const passkeyPrompt: Texts['passkeyPrompt'] = {
  waiting: 'Folgen Sie der Abfrage Ihres Browsers.',
  notMade: 'Es wurde kein Passkey erstellt. Versuchen Sie es noch einmal, wenn Sie so weit sind.',
  already: 'Auf diesem Gerät gibt es schon einen Passkey für Sie.',
  insecure: 'Passkeys brauchen https. Diese Seite wurde über http geöffnet.',
  unsupported: 'Dieser Browser kennt keine Passkeys. Nehmen Sie einen anderen Browser oder einen anderen Weg.',
  misplaced: (publicUrl) => `Passkeys gehen nur unter ${publicUrl}. Öffnen Sie diese Seite dort.`,
  failed: 'Ihr Browser konnte das nicht. Versuchen Sie es noch einmal oder nehmen Sie einen anderen Weg.',
}

export const recoveryCodes: Texts['recoveryCodes'] = {
  title: 'Bewahren Sie Ihre Wiederherstellungs\u00ADcodes auf',
  lead: 'Jeder gilt einmal, anstelle Ihres zweiten Schritts. Legen Sie sie dorthin, wo Sie sie auch ohne Ihr Telefon finden. Sie werden nicht noch einmal gezeigt.',
  download: 'Herunterladen',
  print: 'Drucken',
  saved: 'Ich habe meine Wiederherstellungs\u00ADcodes aufbewahrt',
  file: {
    name: 'wiederherstellungscodes.txt',
    title: (instance) => `Wiederherstellungscodes für ${instance}`,
    username: (username) => `Benutzername: ${username}`,
    made: (day) => `Erstellt am ${day}`,
    use: 'Jeder Code gilt einmal: Melden Sie sich mit Ihrem Passwort an und wählen Sie beim zweiten Schritt „Wiederherstellungscode benutzen“.',
  },
  asked: {
    title: 'Haben Sie Ihre Wiederherstellungs\u00ADcodes?',
    notTicked: 'Kreuzen Sie das Kästchen an, sobald Sie sie aufbewahrt haben, oder erstellen Sie neue.',
    lead: 'Sie wurden einmal gezeigt. Haben Sie sie, kreuzen Sie das Kästchen an. Wenn nicht, erstellen Sie neue.',
    make: 'Neue Codes erstellen',
  },
  section: {
    title: 'Wiederherstellungscodes',
    lead: 'Falls Ihr Telefon oder Ihr Passkey nicht zur Hand ist. Jeder gilt einmal.',
    left: (left, all) => `${left} von ${all} übrig`,
    none: 'Es gibt noch keine.',
    made: 'Erstellt',
    make: 'Neue Codes erstellen',
  },
  renewal: {
    title: 'Neue Wiederherstellungs\u00ADcodes erstellen',
    question: 'Sie bekommen zehn Codes, die einmal gezeigt werden. Die bisherigen gelten dann nicht mehr.',
    submit: 'Neue Codes erstellen',
    cancel: 'Die bisherigen behalten',
  },
}
