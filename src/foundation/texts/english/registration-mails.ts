// Mails of people who register by themselves, and to the admins who decide on them.
import { NOTIFIED_EVERY, REGISTRATION_LINK_LIFETIME, WAITING_LIFETIME } from '#foundation/kernel/stated-limits.ts'
import type { MailTexts } from './mail-texts.ts'
import { quoted } from './quoted.ts'
import { forgotPassword } from './recovery.ts'
import { roundSpan, stated } from './stated.ts'

const registration: MailTexts = {
  subject: 'Create your account on {instance}',
  heading: 'Create your account',
  paragraphs: [
    'Someone entered this email address to create an account on {instance}. If it was you, choose a username and a password now:',
  ],
  button: 'Create account',
  after: [
    `The link expires in ${stated.spelled(REGISTRATION_LINK_LIFETIME)} and works once.`,
    'If it wasn’t you, ignore this email. Nothing is created without the link.',
  ],
}

const registrationKnown: MailTexts = {
  subject: 'You already have an account on {instance}',
  heading: 'You already have an account',
  paragraphs: [
    'Someone entered this email address to create an account on {instance}. It already has an account, or a registration that is waiting for an admin.',
    `If it was you, sign in at {server}. If you forgot your password, choose ${quoted(forgotPassword.title)} there.`,
    'If it wasn’t you, ignore this email. Nothing has changed.',
  ],
  button: '',
  after: [],
}

const registrationApproved: MailTexts = {
  subject: 'Your account on {instance} was approved',
  heading: 'Your account was approved',
  paragraphs: [
    'An admin approved your account on {instance}. Sign in at {server} as {username} with the password you chose. Then you’ll set up your second step.',
  ],
  button: '',
  after: [],
}

const registrationDeclined: MailTexts = {
  subject: 'Your registration on {instance} was declined',
  heading: 'Your registration was declined',
  paragraphs: [
    'An admin declined your registration as {username} on {instance}.',
    'Reason: {reason}',
    'What you entered was deleted.',
  ],
  button: '',
  after: [],
}

const registrationsWaiting: MailTexts = {
  subject: 'Registrations to review on {instance}: {count}',
  heading: 'Registrations are waiting for a decision',
  paragraphs: [
    'Registrations waiting for approval on {instance}: {count}.',
    `Decide at {server}, under Users. Without a decision, a registration is deleted after ${stated.span(WAITING_LIFETIME)}. You get this email at most once ${roundSpan(NOTIFIED_EVERY)}.`,
  ],
  button: '',
  after: [],
}

/** By the name of the template. */
export const registrationMails = {
  registration,
  'registration-known': registrationKnown,
  'registration-approved': registrationApproved,
  'registration-declined': registrationDeclined,
  'registrations-waiting': registrationsWaiting,
}
