// Proving again who one is, before something sensitive.
import type { confirm as englishConfirm } from '../english/confirm.ts'

export const confirm: typeof englishConfirm = {
  title: 'Bestätigen Sie, dass Sie es sind',
  lead: (minutes) =>
    `Dafür braucht es noch einmal Ihr Passwort und einen Code. Danach können Sie ${minutes} lang weitermachen.`,
  nothingDone:
    'Was Sie gesendet haben, ist noch nicht geschehen. Bestätigen Sie; danach sind Sie wieder auf der Seite und senden es noch einmal.',
  submit: 'Bestätigen',
  until: 'Bestätigt bis',
}
