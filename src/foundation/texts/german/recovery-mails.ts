import { RESET_LIFETIME } from '#foundation/kernel/stated-limits.ts'
import type { MailTexts } from '../english/mail-texts.ts'
import type { recoveryMails as english } from '../english/recovery-mails.ts'
import { statedDative } from './stated.ts'

/** Same order as in English. */
export const recoveryMails: Record<keyof typeof english, MailTexts> = {
  'password-reset': {
    subject: 'Neues Passwort für {instance} wählen',
    heading: 'Wählen Sie ein neues Passwort',
    paragraphs: [
      `Jemand hat für dieses Konto ein neues Passwort angefordert. Wenn Sie das waren, öffnen Sie diesen Link innerhalb von ${statedDative.span(RESET_LIFETIME)}. Er funktioniert einmal.`,
    ],
    button: 'Neues Passwort wählen',
    after: [
      'Wenn Ihr Konto einen zweiten Schritt hat, brauchen Sie ihn auch.',
      'Wenn Sie das nicht waren, ignorieren Sie diese E-Mail. Ihr Passwort bleibt, wie es ist.',
    ],
  },
  'password-link': {
    subject: 'Neues Passwort für {instance} wählen',
    heading: 'Wählen Sie ein neues Passwort',
    paragraphs: [
      `Der Helpdesk hat Ihnen diesen Link gesendet. Öffnen Sie ihn innerhalb von ${statedDative.span(RESET_LIFETIME)}. Er funktioniert einmal.`,
      'Gesendet von {admin}',
    ],
    button: 'Neues Passwort wählen',
    after: [
      'Wenn Ihr Konto einen zweiten Schritt hat, brauchen Sie ihn auch.',
      'Wenn Sie den Helpdesk nicht darum gebeten haben, ignorieren Sie diese E-Mail und sagen Sie es einem Admin. Ihr Passwort bleibt, wie es ist.',
    ],
  },
  'reset-without-second-step-of-another': {
    subject: 'Passwort von {username} bei {instance} wurde zurückgesetzt',
    heading: 'Ein Passwort wurde ohne zweiten Schritt zurückgesetzt',
    paragraphs: [
      'Ein Link aus einer E-Mail hat am {happened_at} ein neues Passwort für {username} gesetzt. Alle Sitzungen des Kontos wurden beendet.',
      'Das Konto hatte keinen zweiten Schritt. Das Postfach allein genügte, um einen einzurichten. Fragen Sie {username}, ob das so gewollt war. Wenn nicht, deaktivieren Sie das Konto.',
    ],
    button: '',
    after: [],
  },
  'second-step-reset': {
    subject: 'Ihr zweiter Schritt bei {instance} wurde zurückgesetzt',
    heading: 'Ihr zweiter Schritt wurde zurückgesetzt',
    paragraphs: [
      'Ihre Authenticator-Apps, Passkeys und Wiederherstellungscodes wurden entfernt. Alle Sitzungen wurden beendet.',
      'Um einen neuen zweiten Schritt einzurichten, öffnen Sie diesen Link bis {link_ends_at}. Er fragt nach Ihrem Passwort und funktioniert einmal.',
    ],
    button: 'Neuen zweiten Schritt einrichten',
    after: ['Wenn Sie nicht darum gebeten haben, sagen Sie es sofort einem Admin.'],
  },
}
