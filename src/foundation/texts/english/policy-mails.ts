// Mails that remind people of a policy before its deadline. They name the URL of a page, and have no link that signs in.
import type { MailTexts } from './mail-texts.ts'

function reminder(heading: string, needed: string): MailTexts {
  return {
    subject: `{instance}: ${heading}`,
    heading,
    paragraphs: [
      `From {deadline_at}, you need ${needed} to sign in to {instance}.`,
      'Set it up now. It takes about a minute. You’ll be asked to sign in first: {security}',
      'Otherwise you’ll be asked to set it up the next time you sign in.',
      'If you can’t set it up, ask an admin before then.',
    ],
    button: '',
    after: [],
  }
}

/** By the name of the template. */
export const policyMails = {
  'policy-reminder': reminder('Set up your second step', 'a passkey or an authenticator app'),
  'policy-reminder-passkey': reminder('Add a passkey', 'a passkey'),
  'policy-reminder-app': reminder('Add an authenticator app', 'an authenticator app'),
}
