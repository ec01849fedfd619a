// Recovery codes: shown once, and how many are left.
import type { recoveryCodes as englishRecoveryCodes } from '../english/recovery-codes.ts'

export const recoveryCodes: typeof englishRecoveryCodes = {
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
    fault: 'Kreuzen Sie das Kästchen an, sobald Sie sie aufbewahrt haben, oder erstellen Sie neue.',
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
