import { ANSWER_LIFETIME, ASKED_LIFETIME, MOST_ASKED_AT_ONCE } from '#foundation/kernel/stated-limits.ts'
import type { Texts } from '../english.ts'
import { quoted } from './quoted.ts'
import { stated, statedDative } from './stated.ts'

/** Same order as in English. */
export const noticeKinds: Texts['noticeKinds'] = {
  joined: 'Konto eingerichtet',
  'new-device': 'Anmeldung mit einem neuen Gerät',
  'password-changed': 'Passwort geändert',
  'password-set': 'Neues Passwort von einem Admin vergeben',
  'password-reset': 'Passwort mit einem zugesandten Link zurückgesetzt',
  'app-added': 'Authenticator-App hinzugefügt',
  'app-replaced': 'Authenticator-App ersetzt',
  'app-removed': 'Authenticator-App entfernt',
  'passkey-added': 'Passkey hinzugefügt',
  'passkey-removed': 'Passkey entfernt',
  'recovery-codes-made': 'Neue Wiederherstellungscodes erstellt',
  'recovery-code-used': 'Anmeldung mit einem Wiederherstellungscode',
  'device-replayed': 'Altes Cookie eines vertrauten Geräts verwendet',
  'factors-reset': 'Zweiter Schritt zurückgesetzt',
  unlocked: 'Anmeldung entsperrt',
  'policy-exempted': 'Von einer Richtlinie ausgenommen',
  'token-created': 'API-Token erstellt',
  'username-changed': 'Benutzername geändert',
  'email-changed': 'E-Mail-Adresse geändert',
}

export const notMe: Texts['notMe'] = {
  title: 'Das war ich nicht',
  question: 'Ihr Konto sichern?',
  lead: 'Tun Sie das, wenn weder Sie das waren noch jemand in Ihrem Auftrag.',
  consequencesTitle: 'Was dann geschieht',
  consequences: {
    ended: { label: 'Sie werden überall abgemeldet', detail: 'Auch API-Tokens funktionieren nicht mehr.' },
    password: {
      label: 'Sie wählen ein neues Passwort',
      detail: 'Bei der nächsten Anmeldung. Dabei prüfen Sie auch Ihre zweiten Schritte.',
    },
    check: {
      label: 'Vielleicht brauchen Sie einen Admin',
      detail:
        'Hat sich das Passwort oder ein zweiter Schritt seitdem geändert? Dann melden Sie sich mit einem zweiten Schritt an, den Sie schon vorher hatten. Ohne einen fragen Sie einen Admin.',
    },
  },
  several: 'Mehrere E-Mails, die Sie nicht erklären können? Verwenden Sie den Link der ältesten.',
  submit: 'Mein Konto sichern',
  cancel: 'Abbrechen',
  done: 'Ihr Konto ist gesichert',
  doneText: 'Alle Sitzungen wurden beendet und alle API-Tokens widerrufen.',
  doneByUser: 'Melden Sie sich jetzt an, um ein neues Passwort zu wählen und Ihre zweiten Schritte zu prüfen.',
  doneByUnchanged: {
    secondStep: {
      label: 'Mit einem unveränderten zweiten Schritt anmelden',
      detail:
        'Mit einem, der sich seitdem nicht geändert hat. Wenn Ihr Passwort nicht mehr funktioniert, setzen Sie es vorher zurück.',
    },
    password: { label: 'Ein neues Passwort wählen', detail: 'Danach prüfen Sie Ihre zweiten Schritte.' },
  },
  doneByAdmin:
    'Das Passwort oder ein zweiter Schritt ist vielleicht in falschen Händen. Bevor Sie sich anmelden können, muss ein Admin die Kontoprüfung aufheben. Rufen Sie an: E-Mails liest vielleicht jemand mit.',
  doneByOperator: 'Sie sind der einzige aktive Admin, deshalb hebt dieser Befehl auf dem Server die Kontoprüfung auf:',
  over: 'Dieser Link funktioniert nicht mehr',
  overText: `Er wurde verwendet, ist älter als ${stated.span(ANSWER_LIFETIME)}, oder sein Anlass ist erledigt. Noch in Sorge? Wenden Sie sich an einen Admin.`,
}

export const review: Texts['review'] = {
  title: 'Prüfen Sie Ihr Konto',
  lead: 'Jemand hat etwas an diesem Konto gemeldet. Wählen Sie ein neues Passwort, und entfernen Sie dann, was Sie nicht kennen.',
  reported: 'Gemeldet',
  newPassword: 'Neues Passwort',
  factors: 'Entfernen, was Sie nicht kennen',
  factorsHint: 'Was Sie ankreuzen, wird beim Speichern entfernt. Der Rest funktioniert wie bisher.',
  app: (name) => `Authenticator-App „${name}“`,
  passkey: (name) => `Passkey „${name}“`,
  since: (when) => `Hinzugefügt ${when}`,
  recoveryCodes: 'Wiederherstellungscodes',
  recoveryCodesHint: (left) => `Noch ${left}. Neue können Sie danach erstellen.`,
  submit: 'Speichern und anmelden',
  byAdmin: 'Zuerst muss ein Admin prüfen',
  byAdminText:
    'Dieses Konto wurde gemeldet. Seitdem wurde sein Passwort oder ein zweiter Schritt geändert, oder Sie haben sich mit dem Geänderten angemeldet. Bitten Sie einen Admin persönlich oder am Telefon, die Kontoprüfung aufzuheben.',
  byOperator: 'Sie sind der einzige aktive Admin, deshalb hebt dieser Befehl auf dem Server die Kontoprüfung auf:',
  another: 'Melden Sie sich mit einem anderen zweiten Schritt an',
  anotherText: (unchanged) =>
    `Dieses Konto wurde gemeldet. Womit Sie sich angemeldet haben, hat sich seitdem vielleicht geändert. Melden Sie sich noch einmal an, und zwar hiermit: ${unchanged}. Wenn das nicht geht, bitten Sie einen Admin persönlich oder am Telefon, die Kontoprüfung aufzuheben.`,
  back: 'Zurück zur Anmeldung',
}

export const confirmEmail: Texts['confirmEmail'] = {
  title: 'E\u2011Mail-Adresse bestätigen',
  account: 'Konto',
  email: 'E-Mail',
  lead: 'Bestätigen Sie, dass diese E-Mail-Adresse Ihnen und zu diesem Konto gehört.',
  submit: 'E-Mail-Adresse bestätigen',
  cancel: 'Abbrechen',
  done: 'E-Mail-Adresse bestätigt',
  doneText: (email, username) => `${email} ist jetzt die E-Mail-Adresse von ${username}.`,
  over: 'Dieser Link funktioniert nicht mehr',
  overText:
    'Er wurde verwendet, ist abgelaufen, oder es wurde seitdem eine andere Adresse eingetragen. Beginnen Sie auf Ihrer Kontoseite neu.',
  signIn: (username) => `Melden Sie sich als ${username} an, um sie zu bestätigen.`,
  other: (username) =>
    `Sie sind bei einem anderen Konto angemeldet. Melden Sie sich ab, öffnen Sie diesen Link noch einmal und melden Sie sich als ${username} an.`,
  taken: 'Inzwischen hat ein anderes Konto diese Adresse. Verwenden Sie eine andere.',
}

export const emailConfirmations: Texts['emailConfirmations'] = {
  open: 'Benutzer bitten, ihre E-Mail-Adresse zu bestätigen',
  title: 'Benutzer bitten, ihre E\u2011Mail-Adresse zu bestätigen',
  lead: 'Wer beigetreten ist und die eigene E-Mail-Adresse noch nicht bestätigt hat, erhält eine E-Mail mit einem Link. Zum Bestätigen gehört eine Anmeldung. Für andere können Sie keine Adresse bestätigen.',
  due: (count) =>
    count === 1
      ? '1 Benutzer kann jetzt gebeten werden.'
      : `${count === 0 ? 'Keine' : count} Benutzer können jetzt gebeten werden.`,
  asked: (count) =>
    count === 1
      ? `1 Benutzer wurde in den letzten ${statedDative.span(ASKED_LIFETIME)} gebeten oder hat einen Link zum Bestätigen.`
      : `${count} Benutzer wurden in den letzten ${statedDative.span(ASKED_LIFETIME)} gebeten oder haben einen Link zum Bestätigen.`,
  beyondOwn: (count) =>
    count === 1
      ? '1 Benutzer hat Berechtigungen, die Sie nicht haben, und wird nicht gebeten.'
      : `${count} Benutzer haben Berechtigungen, die Sie nicht haben, und werden nicht gebeten.`,
  mailOff: 'Dieser Server sendet keine E-Mails.',
  submit: (count) => (count === 1 ? '1 E-Mail senden' : `${count} E-Mails senden`),
  done: {
    asked: 'Die E-Mails werden gesendet.',
    some: `Die ersten ${stated.count(MOST_ASKED_AT_ONCE)} E-Mails werden gesendet. Senden Sie noch einmal für die übrigen.`,
  },
}

export const undoEmail: Texts['undoEmail'] = {
  title: 'Neue E\u2011Mail-Adresse rückgängig machen',
  account: 'Konto',
  current: 'E-Mail jetzt',
  former: 'E-Mail vorher',
  none: 'Keine',
  lead: 'Das Konto erhält seine bisherige E-Mail-Adresse zurück.',
  report: 'Das war ich nicht',
  reportHint: 'Beendet auch alle Sitzungen und API-Tokens. Bei der nächsten Anmeldung prüfen Sie das Konto.',
  submit: 'Änderung rückgängig machen',
  cancel: 'Abbrechen',
  done: 'Die Änderung ist rückgängig gemacht',
  doneText: (email) => `${email} ist wieder die E-Mail-Adresse Ihres Kontos.`,
  over: 'Dieser Link funktioniert nicht mehr',
  overText: `Er wurde verwendet, ist älter als ${stated.span(ANSWER_LIFETIME)}, oder eine frühere Änderung wurde rückgängig gemacht. Noch in Sorge? Wenden Sie sich an einen Admin.`,
  taken:
    'Inzwischen hat ein anderes Konto die bisherige Adresse. Die Änderung lässt sich nicht rückgängig machen. Fragen Sie einen Admin.',
}

export const ownNotices: Texts['ownNotices'] = {
  pending: (email, when) =>
    `Wir haben einen Link an ${email} gesendet. Ihre Adresse ändert sich, wenn Sie ihn öffnen und bestätigen, spätestens ${when}.`,
  pendingSame: (email, when) =>
    `Wir haben einen Link an ${email} gesendet. Öffnen und bestätigen Sie ihn, spätestens ${when}.`,
  withdraw: 'Neue E-Mail-Adresse verwerfen',
  verify: 'E-Mail-Adresse bestätigen',
  title: 'Sicherheits\u2011E\u2011Mails',
  lead: 'Wir schreiben Ihnen, wenn sich Ihr Konto ändert. Jede E-Mail hat einen Link für den Fall, dass Sie das nicht waren.',
  without: 'Ihr Konto hat keine E-Mail-Adresse, deshalb erhalten Sie keine Sicherheits-E-Mails.',
  always: 'Diese E-Mails erhalten Sie immer',
  isOn: 'Neue Geräte: ein',
  isOff: 'Neue Geräte: aus',
  turnOn: 'Einschalten',
  turnOff: 'Ausschalten',
  done: {
    'email-sent':
      'Gespeichert. Wir haben einen Link an Ihre neue Adresse gesendet. Sie gilt, sobald Sie ihn bestätigen.',
    'email-verify': 'Wir haben einen Link an Ihre Adresse gesendet. Öffnen und bestätigen Sie ihn.',
    'email-discarded': 'Neue Adresse verworfen.',
    notices: 'Gespeichert.',
  },
}

export const userReview: Texts['userReview'] = {
  title: 'Kontoprüfung fällig',
  lead: `Der Benutzer hat auf eine Sicherheits-E-Mail mit ${quoted(notMe.title)} geantwortet. Bei der nächsten Anmeldung muss er zuerst sein Konto prüfen.`,
  byUser: 'Der Benutzer kann die Kontoprüfung bei der Anmeldung selbst abschließen.',
  byUnchanged: (unchanged) =>
    `Seitdem wurde das Passwort oder ein zweiter Schritt geändert. Der Benutzer kann die Kontoprüfung selbst abschließen, wenn er sich hiermit anmeldet: ${unchanged}. Wenn das nicht geht, vergewissern Sie sich zuerst, dass es wirklich diese Person ist, und setzen Sie zurück, was in falschen Händen sein kann.`,
  byAdmin:
    'Seitdem wurde das Passwort oder ein zweiter Schritt geändert, deshalb muss ein Admin die Kontoprüfung aufheben. Vergewissern Sie sich zuerst, dass es wirklich diese Person ist, und setzen Sie zurück, was in falschen Händen sein kann.',
  reports: 'Gemeldet',
  submit: 'Kontoprüfung aufheben',
  done: 'Kontoprüfung aufgehoben. Der Benutzer kann sich wieder anmelden.',
}
