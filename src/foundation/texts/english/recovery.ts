// Ways back in: a forgotten password, a lost phone or passkey, and the link after a reset of the second step.
import { MAILS_AN_HOUR, RESET_LIFETIME } from '#foundation/kernel/stated-limits.ts'
import { stated } from './stated.ts'

export const forgotPassword = {
  title: 'Forgot your password?',
  lead: 'Enter your username or email. We’ll email you a link to choose a new password.',
  submit: 'Send link',
  off: 'This server doesn’t send email, so you can’t reset your password here. Ask an admin to reset it for you.',
  sent: 'Check your email',
  sentText: `If the account exists and its email address is confirmed, we’ve sent a link to it. The link expires in ${stated.span(RESET_LIFETIME)} and works once.`,
  sentMore: `No email? Check your spam folder. We send at most ${stated.word(MAILS_AN_HOUR)} an hour. Still nothing? Ask an admin.`,
  back: 'Back to sign-in',
}

export const passwordReset = {
  title: 'Choose a new password',
  lead: 'This signs you out everywhere. If your account has a second step, you’ll need it next.',
  password: 'New password',
  keepApiTokens: (count: number) => (count === 1 ? 'Keep my API token' : `Keep my ${count} API tokens`),
  keepApiTokensHint: (count: number): string =>
    count === 1
      ? 'Otherwise it’s revoked, and scripts that use it stop working. Keep it only if no one else can know your old password.'
      : 'Otherwise they’re revoked, and scripts that use them stop working. Keep them only if no one else can know your old password.',
  submit: 'Save new password',
  expired: 'This link has expired',
  expiredText: `Links to choose a new password work for ${stated.span(RESET_LIFETIME)}. Ask for another one.`,
  used: 'This link no longer works',
  usedText: 'It was already used, or your account has changed since. Sign in, or ask for another link.',
  unknown: 'This link doesn’t work',
  unknownText: 'A newer email may have replaced it. Check that you copied the whole link, or ask for another one.',
  another: 'Ask for another link',
}

export const enrolmentLink = {
  title: 'Set up a new second step',
  lead: 'Your second step was reset. Enter your password, then set up a new one.',
  expired: 'This link has expired',
  used: 'This link was already used',
  unknown: 'This link doesn’t work',
  text: 'Sign in with your password instead to set up a second step, or ask an admin for help.',
}

export const lostFactor = {
  title: { any: 'Lost your phone or passkey?', app: 'Lost your phone?' },
  lead: 'Sign in another way first. Then we’ll take you to the page to replace what you lost.',
  last: 'If you have none of these, ask an admin to reset your second step.',
  nothing: 'You have no other second step. Ask an admin to reset it.',
  back: 'Back to the second step',
}
