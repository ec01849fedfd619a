import type { MailTexts } from '../english/mail-texts.ts'
import type { policyMails as english } from '../english/policy-mails.ts'

function reminder(heading: string, needed: string): MailTexts {
  return {
    subject: `{instance}: ${heading}`,
    heading,
    paragraphs: [
      `Ab {deadline_at} brauchen Sie ${needed}, um sich bei {instance} anzumelden.`,
      'Richten Sie das jetzt ein. Es dauert etwa eine Minute. Sie werden zuerst nach Ihrer Anmeldung gefragt: {security}',
      'Sonst werden Sie bei Ihrer nächsten Anmeldung danach gefragt.',
      'Wenn Sie es nicht einrichten können, wenden Sie sich vorher an einen Admin.',
    ],
    button: '',
    after: [],
  }
}

/** Same order as in English. */
export const policyMails: Record<keyof typeof english, MailTexts> = {
  'policy-reminder': reminder('Richten Sie Ihren zweiten Schritt ein', 'einen Passkey oder eine Authenticator-App'),
  'policy-reminder-passkey': reminder('Fügen Sie einen Passkey hinzu', 'einen Passkey'),
  'policy-reminder-app': reminder('Fügen Sie eine Authenticator-App hinzu', 'eine Authenticator-App'),
}
