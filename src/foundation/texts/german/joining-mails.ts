import type { joiningMails as english } from '../english/joining-mails.ts'
import type { MailTexts } from '../english/mail-texts.ts'

/** Same order as in English. */
export const joiningMails: Record<keyof typeof english, MailTexts> = {
  invitation: {
    subject: '{invited_by} hat Sie zu {instance} eingeladen',
    subjectWithout: 'Sie sind zu {instance} eingeladen',
    heading: 'Sie sind zu {instance} eingeladen',
    paragraphs: [
      'Sie haben ein Konto bei {instance} auf {server}. Öffnen Sie diesen Link, um ein Passwort zu wählen und Ihren zweiten Schritt einzurichten.',
      'Eingeladen hat Sie {invited_by}.',
      'Das Konto läuft am {account_expires_at} ab.',
    ],
    button: 'Einladung annehmen',
    after: [
      'Der Link funktioniert einmal und läuft am {expires_at} ab. Bitte geben Sie ihn nicht weiter.',
      'Wenn Sie diesen Server nicht kennen, ignorieren Sie diese E-Mail.',
    ],
  },
  'invitation-reminder': {
    subject: 'Erinnerung: Ihr Konto bei {instance}',
    heading: 'Ihre Einladung läuft bald ab',
    paragraphs: [
      'Sie haben Ihr Konto bei {instance} auf {server} noch nicht eingerichtet. Öffnen Sie diesen Link, um ein Passwort zu wählen und Ihren zweiten Schritt einzurichten.',
      'Eingeladen hat Sie {invited_by}.',
      'Das Konto läuft am {account_expires_at} ab.',
    ],
    button: 'Einladung annehmen',
    after: [
      'Dieser Link ersetzt den in unserer ersten E-Mail. Er funktioniert einmal und läuft am {expires_at} ab. Bitte geben Sie ihn nicht weiter.',
      'Wir erinnern Sie kein zweites Mal. Wenn Sie diesen Server nicht kennen, ignorieren Sie diese E-Mail.',
    ],
  },
  'account-expires': {
    subject: 'Ihr Konto bei {instance} läuft bald ab',
    heading: 'Ihr Konto läuft bald ab',
    paragraphs: [
      'Ihr Konto bei {instance} läuft am {account_expires_at} ab. Danach können Sie sich nicht mehr anmelden.',
      'Wenn Sie es noch brauchen, bitten Sie einen Admin, es zu verlängern. Beim Ablauf wird nichts gelöscht.',
    ],
    button: '',
    after: [],
  },
  'accounts-expired': {
    subject: 'Abgelaufene Konten bei {instance}: {count}',
    heading: 'Abgelaufene Konten: {count}',
    paragraphs: [
      'Diese Benutzer können sich nicht mehr anmelden, weil ihre Konten abgelaufen sind: {usernames}',
      'Gelöscht wurde nichts. Sie können ein Konto auf der Seite des Benutzers verlängern.',
    ],
    button: '',
    after: [],
  },
}
