// Mails that remind people of a policy before its deadline. They name the address of a page, and have no link that signs in.
import type { MailTexts } from './mail-texts.ts'

function reminder(heading: string, needed: string): MailTexts {
  return {
    subject: `{instance}: ${heading}`,
    heading,
    paragraphs: [
      `From {deadline_at} on, you need ${needed} to sign in to {instance}.`,
      'Add it now, which takes about a minute. This page asks you to sign in first: {security}',
      'If you don’t, you will be asked to set it up at your next sign-in after that time, and can do nothing else until then.',
      'If you can’t set it up, ask an admin before that time.',
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
