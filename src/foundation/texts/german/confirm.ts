// Proving again who one is, before something sensitive.
import type { confirm as englishConfirm } from '../english/confirm.ts'

export const confirm: typeof englishConfirm = {
  title: 'Bestätigen Sie, dass Sie es sind',
  leads: {
    password: 'Dafür braucht es noch einmal Ihr Passwort.',
    totp: 'Dafür braucht es noch einmal Ihr Passwort und einen Code.',
    'recovery-code': 'Dafür braucht es Ihr Passwort und einen Ihrer Wiederherstellungscodes.',
    passkey: 'Dafür braucht es noch einmal Ihren Passkey.',
  },
  lasts: (minutes) => `Danach werden Sie ${minutes} lang nicht wieder gefragt.`,
  wrongPassword: 'Dieses Passwort passt nicht. Prüfen Sie es und versuchen Sie es noch einmal.',
  wrongRecoveryCode:
    'Passwort und Wiederherstellungscode passen nicht zusammen. Prüfen Sie beide; ein benutzter Code gilt nicht noch einmal.',
  nothingDone:
    'Es wurde nichts geändert. Nach der Bestätigung sind Sie wieder auf der Seite, von der Sie kamen, und können ihr Formular noch einmal senden.',
  submit: 'Bestätigen',
  until: 'Sie haben sich bestätigt und werden nicht wieder gefragt bis',
}
