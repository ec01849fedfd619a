// One’s own account.
import type { account as englishAccount } from '../english/account.ts'

export const account: typeof englishAccount = {
  title: 'Konto',
  set: 'Alles bereit. Beim nächsten Mal: Passwort, dann Ihr zweiter Schritt.',
  signedInAs: 'Angemeldet als',
  details: 'Ihre Angaben',
  username: 'Benutzername',
  usernameHint: 'Zum Anmelden. Hier einmalig, gleich ob groß oder klein geschrieben.',
  fullName: 'Vollständiger Name (freiwillig)',
  email: 'E-Mail (freiwillig)',
  emailUnconfirmed: 'Noch nicht bestätigt und darum für nichts verwendet.',
  emailConfirmed: 'Bestätigt.',
  language: 'Sprache',
  languageOfBrowser: 'Wie der Browser es wünscht',
  timeZone: 'Zeitzone',
  timeZoneHint: 'Für die Zeiten auf diesen Seiten.',
  noTimeZone: 'Keine (UTC)',
  done: {
    saved: 'Gespeichert.',
    address: 'Gespeichert. Die neue Adresse ist noch nicht bestätigt; bis dahin wird sie für nichts verwendet.',
  },
  stale:
    'Jemand hat dies geändert, während Sie daran arbeiteten. Was Sie eingegeben haben, steht noch unten; speichern Sie noch einmal, damit es gilt.',
  valueNow: (value) => (value === null ? 'Zurzeit steht hier nichts.' : `Zurzeit steht hier: ${value}`),
  role: 'Rolle',
  roles: { admin: 'Admin', user: 'Benutzer' },
  secondStep: 'Zweiter Schritt',
  secondStepOn: 'Eingerichtet',
  secondStepOff: 'Nicht eingerichtet',
  about: 'Über dieses Konto',
  deletion: {
    title: 'Mein Konto löschen',
    lead: 'Entfernt Ihr Konto mit seinen Sitzungen, Passkeys und Authenticator-Apps.',
    question: (username) => `Das Konto ${username} verschwindet und lässt sich nicht zurückholen.`,
    consequences: [
      'Sie werden überall abgemeldet.',
      'Ihre Passkeys und Authenticator-Apps gelten hier nicht mehr.',
      'Jemand anders kann Ihren Benutzernamen nehmen.',
      'Was darüber im Protokoll steht, bleibt dort.',
    ],
    submit: 'Mein Konto löschen',
    cancel: 'Behalten',
    done: 'Ihr Konto ist gelöscht',
    doneText: 'Sie sind überall abgemeldet.',
  },
}
