// Mails that remind people of a policy before its deadline. They name the URL of a page, and have no link that signs in.
import type { MailTexts } from './mail-texts.ts'

function reminder(heading: string, needed: string): MailTexts {
  return {
    subject: `{instance}: ${heading}`,
    heading,
    paragraphs: [
      `From {deadline_at}, you need ${needed} to sign in to {instance}.`,
      'Set it up now, which takes about a minute. This page asks you to sign in first: {security}',
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
