// Mails of invitations and of accounts that expire.
import type { MailTexts } from './mail-texts.ts'

const invitation: MailTexts = {
  subject: '{invited_by} invited you to {instance}',
  subjectWithout: 'You’re invited to {instance}',
  heading: 'You’re invited to {instance}',
  paragraphs: [
    'You have an account on {instance} at {server}. Open this link to choose a password and set up your second step.',
    'You were invited by {invited_by}.',
    'The account expires on {account_expires_at}.',
  ],
  button: 'Accept the invitation',
  after: [
    'The link works once and expires on {expires_at}. Please don’t share it.',
    'If you don’t know this server, ignore this email.',
  ],
}

const invitationReminder: MailTexts = {
  subject: 'Reminder: your account on {instance}',
  heading: 'Your invitation expires soon',
  paragraphs: [
    'You haven’t set up your account on {instance} at {server} yet. Open this link to choose a password and set up your second step.',
    'You were invited by {invited_by}.',
    'The account expires on {account_expires_at}.',
  ],
  button: 'Accept the invitation',
  after: [
    'This link replaces the one in our first email. It works once and expires on {expires_at}. Please don’t share it.',
    'We won’t remind you again. If you don’t know this server, ignore this email.',
  ],
}

const accountExpires: MailTexts = {
  subject: 'Your account on {instance} expires soon',
  heading: 'Your account expires soon',
  paragraphs: [
    'Your account on {instance} expires on {account_expires_at}. After that you can’t sign in.',
    'If you still need it, ask an admin to extend it. Nothing is deleted when it expires.',
  ],
  button: '',
  after: [],
}

const accountsExpired: MailTexts = {
  subject: 'Expired accounts on {instance}: {count}',
  heading: 'Expired accounts: {count}',
  paragraphs: [
    'These users can’t sign in any more because their accounts have expired: {usernames}',
    'Nothing was deleted. You can extend an account on the user’s page.',
  ],
  button: '',
  after: [],
}

/** By the name of the template. */
export const joiningMails = {
  invitation,
  'invitation-reminder': invitationReminder,
  'account-expires': accountExpires,
  'accounts-expired': accountsExpired,
}
