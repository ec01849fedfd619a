// Mails that remind people of a policy before its deadline. They have no link: a mail with one would teach people to follow any.
import type { MailTexts } from './mail-texts.ts'

function reminder(heading: string, needed: string): MailTexts {
  return {
    subject: `{instance}: ${heading}`,
    heading,
    paragraphs: [
      `From {deadline_at}, you need ${needed} to sign in to {instance}.`,
      'Set it up now: sign in at {server}, open Security and follow the notice there. It takes about a minute.',
      'If you don’t, you’ll have to set it up at your next sign-in after that, before you can do anything else.',
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
