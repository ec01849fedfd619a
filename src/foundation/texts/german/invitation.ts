// A newcomer’s invitation.
import type { invitation as englishInvitation } from '../english/invitation.ts'

export const invitation: typeof englishInvitation = {
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
