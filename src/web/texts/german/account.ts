// One’s own account.
import type { account as englishAccount } from '../english/account.ts'

export const account: typeof englishAccount = {
  title: 'Konto',
  set: 'Alles bereit. Beim nächsten Mal: Passwort, dann Ihr zweiter Schritt.',
  signedInAs: 'Angemeldet als',
  details: 'Ihre Angaben',
  username: 'Benutzername',
  usernameHint: 'Zum Anmelden. Groß- und Kleinschreibung macht keinen Unterschied.',
  fullName: 'Vollständiger Name (freiwillig)',
  email: 'E-Mail (freiwillig)',
  emailUnconfirmed: 'Noch nicht bestätigt. Melden Sie sich bis dahin mit Ihrem Benutzernamen an.',
  emailConfirmed: 'Bestätigt.',
  language: 'Sprache',
  languageOfBrowser: 'Wie im Browser',
  timeZone: 'Zeitzone',
  timeZoneHint: 'Für die Zeiten auf diesen Seiten.',
  noTimeZone: 'Nicht gesetzt (UTC)',
  done: {
    saved: 'Gespeichert.',
    address:
      'Gespeichert. Die neue Adresse ist noch nicht bestätigt; melden Sie sich bis dahin mit Ihrem Benutzernamen an.',
  },
  stale:
    'Jemand hat Ihre Angaben geändert, während Sie daran arbeiteten. Was Sie eingegeben haben, steht noch unten; speichern Sie noch einmal, damit es gilt.',
  valueNow: (value) => (value === null ? 'Zurzeit steht hier nichts.' : `Zurzeit steht hier: ${value}`),
  changed: {
    username: (value) => `Der Benutzername ist jetzt ${value ?? 'leer'}.`,
    full_name: (value) => `Der vollständige Name ist jetzt ${value ?? 'leer'}.`,
    email: (value) => `Die E-Mail-Adresse ist jetzt ${value ?? 'leer'}.`,
    locale: (value) => `Die Sprache ist jetzt ${value ?? 'nicht gesetzt'}.`,
    time_zone: (value) => `Die Zeitzone ist jetzt ${value ?? 'nicht gesetzt'}.`,
  },
  role: 'Rolle',
  roles: { admin: 'Admin', user: 'Benutzer' },
  secondStep: 'Zweiter Schritt',
  secondStepOn: 'Eingerichtet',
  secondStepOff: 'Nicht eingerichtet',
  about: 'Über dieses Konto',
  deletion: {
    title: 'Mein Konto löschen',
    lead: 'Entfernt Ihr Konto mit seinen Sitzungen, Passkeys, Authenticator-Apps, Wiederherstellungscodes und API-Tokens.',
    question: (username) => `Das Konto ${username} verschwindet und lässt sich nicht zurückholen.`,
    consequences: [
      'Sie werden überall abgemeldet.',
      'Ihre Passkeys, Authenticator-Apps und Wiederherstellungscodes gelten hier nicht mehr.',
      'Ihre API-Tokens gelten nicht mehr.',
      'Jemand anders kann Ihren Benutzernamen nehmen.',
      'Was über Ihr Konto im Protokoll steht, bleibt dort.',
    ],
    submit: 'Mein Konto löschen',
    cancel: 'Behalten',
    done: 'Ihr Konto ist gelöscht',
    doneText: 'Sie sind überall abgemeldet.',
  },
}
