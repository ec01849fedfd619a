// Mails of forgotten passwords and of resets.
import { RESET_LIFETIME } from '#foundation/kernel/stated-limits.ts'
import type { MailTexts } from './mail-texts.ts'
import { stated } from './stated.ts'

const passwordReset: MailTexts = {
  subject: 'Choose a new password for {instance}',
  heading: 'Choose a new password',
  paragraphs: [
    `Someone asked for a new password for this account. If it was you, open this link within ${stated.span(RESET_LIFETIME)}. It works once.`,
  ],
  button: 'Choose a new password',
  after: [
    'If your account has a second step, you need it, too.',
    'If it wasn’t you, ignore this email. Your password stays as it is.',
  ],
}

const passwordLink: MailTexts = {
  subject: 'Choose a new password for {instance}',
  heading: 'Choose a new password',
  paragraphs: [
    `The help desk sent you this link. Open it within ${stated.span(RESET_LIFETIME)}. It works once.`,
    'Sent by {admin}',
  ],
  button: 'Choose a new password',
  after: [
    'If your account has a second step, you need it, too.',
    'If you didn’t ask the help desk for this, ignore this email and tell an admin. Your password stays as it is.',
  ],
}

const resetWithoutSecondStepOfAnother: MailTexts = {
  subject: 'Password of {username} on {instance} was reset',
  heading: 'A password was reset without a second step',
  paragraphs: [
    'A link from an email set a new password for {username} on {happened_at}. All sessions of the account ended.',
    'The account had no second step, so the mailbox alone was enough to set one up. Ask {username} whether they did this. If not, disable the account.',
  ],
  button: '',
  after: [],
}

const secondStepReset: MailTexts = {
  subject: 'Your second step on {instance} was reset',
  heading: 'Your second step was reset',
  paragraphs: [
    'Your authenticator apps, passkeys and recovery codes were removed. All sessions ended.',
    'To set up a new second step, open this link by {link_ends_at}. It asks for your password and works once.',
  ],
  button: 'Set up a new second step',
  after: ['If you didn’t ask for this, tell an admin right away.'],
}

/** By the name of the template. */
export const recoveryMails = {
  'password-reset': passwordReset,
  'password-link': passwordLink,
  'reset-without-second-step-of-another': resetWithoutSecondStepOfAnother,
  'second-step-reset': secondStepReset,
}
