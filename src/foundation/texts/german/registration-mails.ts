import { NOTIFIED_EVERY, REGISTRATION_LINK_LIFETIME, WAITING_LIFETIME } from '#foundation/kernel/stated-limits.ts'
import type { MailTexts } from '../english/mail-texts.ts'
import type { registrationMails as english } from '../english/registration-mails.ts'
import { quoted } from './quoted.ts'
import { forgotPassword } from './recovery.ts'
import { roundEvery, stated, statedDative } from './stated.ts'

/** Same order as in English. */
export const registrationMails: Record<keyof typeof english, MailTexts> = {
  registration: {
    subject: 'Erstellen Sie Ihr Konto bei {instance}',
    heading: 'Erstellen Sie Ihr Konto',
    paragraphs: [
      'Jemand hat diese E-Mail-Adresse eingegeben, um ein Konto bei {instance} zu erstellen. Wenn Sie das waren, wählen Sie jetzt einen Benutzernamen und ein Passwort:',
    ],
    button: 'Konto erstellen',
    after: [
      `Der Link funktioniert einmal und ist ${stated.spelled(REGISTRATION_LINK_LIFETIME)} gültig.`,
      'Wenn Sie das nicht waren, ignorieren Sie diese E-Mail. Ohne den Link entsteht kein Konto.',
    ],
  },
  'registration-known': {
    subject: 'Sie haben schon ein Konto bei {instance}',
    heading: 'Sie haben schon ein Konto',
    paragraphs: [
      'Jemand hat diese E-Mail-Adresse eingegeben, um ein Konto bei {instance} zu erstellen. Dafür gibt es schon ein Konto oder eine Registrierung, die auf einen Admin wartet.',
      `Wenn Sie das waren, melden Sie sich auf {server} an. Wenn Sie Ihr Passwort vergessen haben, wählen Sie dort ${quoted(forgotPassword.title)}.`,
      'Wenn Sie das nicht waren, ignorieren Sie diese E-Mail. Nichts hat sich geändert.',
    ],
    button: '',
    after: [],
  },
  'registration-approved': {
    subject: 'Ihr Konto bei {instance} wurde freigegeben',
    heading: 'Ihr Konto wurde freigegeben',
    paragraphs: [
      'Ein Admin hat Ihr Konto bei {instance} freigegeben. Melden Sie sich auf {server} als {username} mit dem Passwort an, das Sie gewählt haben. Danach richten Sie Ihren zweiten Schritt ein.',
    ],
    button: '',
    after: [],
  },
  'registration-declined': {
    subject: 'Ihre Registrierung bei {instance} wurde abgelehnt',
    heading: 'Ihre Registrierung wurde abgelehnt',
    paragraphs: [
      'Ein Admin hat Ihre Registrierung als {username} bei {instance} abgelehnt.',
      'Grund: {reason}',
      'Was Sie eingegeben hatten, wurde gelöscht.',
    ],
    button: '',
    after: [],
  },
  'registrations-waiting': {
    subject: 'Registrierungen bei {instance} zu prüfen: {count}',
    heading: 'Registrierungen warten auf eine Entscheidung',
    paragraphs: [
      'Registrierungen bei {instance}, die auf Freigabe warten: {count}.',
      `Entscheiden Sie auf {server} unter Benutzer. Ohne Entscheidung wird eine Registrierung nach ${statedDative.span(WAITING_LIFETIME)} gelöscht. Diese E-Mail kommt höchstens einmal ${roundEvery(NOTIFIED_EVERY)}.`,
    ],
    button: '',
    after: [],
  },
}
