// The mails that notify users of changes to their account, each with a link for those who did not make them.
import { ANSWER_LIFETIME, CONFIRMATION_LIFETIME } from '#foundation/kernel/stated-limits.ts'
import type { MailTexts } from './mail-texts.ts'
import { stated } from './stated.ts'

/** A notice with the link “This wasn’t me”. */
function notice(heading: string, what: string, ...more: readonly string[]): MailTexts {
  return asking(WAS_IT_YOU, heading, [what, ...more])
}

/** The same for what an admin, the help desk or the operator does, mostly because the user asked for it. */
function noticeOfHelp(heading: string, what: string): MailTexts {
  return asking(DID_YOU_ASK, heading, [what])
}

function asking(question: readonly string[], heading: string, paragraphs: readonly string[]): MailTexts {
  return {
    subject: `{instance}: ${heading}`,
    heading,
    paragraphs: [...paragraphs, ...FACTS, ...question],
    button: 'This wasn’t me',
    after: [`The link expires in ${stated.span(ANSWER_LIFETIME)} and works once.`, LAST_ADMIN],
  }
}

const FACTS = ['When: {happened_at}', 'Device: {device}', 'IP address: {address}', 'Changed by: {admin}']
const LINK_BELOW =
  'use the link below. It signs you out everywhere and revokes your API tokens. You’ll then review your account.'
const WAS_IT_YOU = ['If this was you, you don’t need to do anything.', `If it wasn’t, ${LINK_BELOW}`]
const DID_YOU_ASK = ['If you asked for this, you don’t need to do anything.', `If you didn’t, ${LINK_BELOW}`]
const LAST_ADMIN =
  'You are the only active admin. If you can’t do the review when you sign in, this command on the server clears it: {command}'

type NoticeTemplate =
  | `notice-${'joined' | 'first-device' | 'new-device' | 'password-changed' | 'password-set' | 'password-reset' | 'token-created'}`
  | `notice-${'app' | 'passkey'}-${'added' | 'removed'}`
  | 'notice-app-replaced'
  | 'notice-device-replayed'
  | `notice-recovery-${'codes-made' | 'code-used'}`
  | `notice-${'factors-reset' | 'unlocked' | 'policy-exempted' | 'username-changed' | 'email-changed' | 'email-set'}`
  | 'email-confirmation'
  | 'email-confirmation-asked'

export const noticeMails: Record<NoticeTemplate, MailTexts> = {
  'notice-joined': {
    subject: 'Welcome to {instance}',
    heading: 'Welcome to {instance}',
    paragraphs: [
      'Your account is set up. Sign in at {server} as {name}.',
      'If you lose your phone or passkey, use one of your {recovery_codes} recovery codes as the second step instead.',
      ...FACTS,
      'If you didn’t set up this account, use the link below. It ends every session of the account and revokes its API tokens. Then an admin has to check the account before anyone can sign in.',
    ],
    button: 'This wasn’t me',
    after: [`The link expires in ${stated.span(ANSWER_LIFETIME)} and works once.`, LAST_ADMIN],
  },
  'notice-first-device': notice(
    'Signed in on another device',
    'Your new account was used for the first time on another device, such as your phone or a second browser.',
  ),
  'notice-new-device': notice('New sign-in', 'Someone signed in to your account from a device we don’t know.'),
  'notice-password-changed': notice('Password changed', 'The password of your account was changed.'),
  'notice-password-set': noticeOfHelp('New password set', 'A new password was set for your account.'),
  'notice-password-reset': notice(
    'Password reset',
    'The password of your account was reset by an emailed link.',
    'API tokens revoked: {revoked_tokens}',
    'API tokens that still work: {kept_tokens}',
  ),
  'notice-app-added': notice('Authenticator app added', 'An authenticator app was added to your account.'),
  'notice-app-replaced': notice('Authenticator app replaced', 'An authenticator app of your account was replaced.'),
  'notice-app-removed': notice('Authenticator app removed', 'An authenticator app was removed from your account.'),
  'notice-passkey-added': notice('Passkey added', 'A passkey was added to your account.'),
  'notice-passkey-removed': notice('Passkey removed', 'A passkey was removed from your account.'),
  'notice-recovery-codes-made': notice(
    'New recovery codes',
    'New recovery codes were generated for your account. The old ones no longer work.',
  ),
  'notice-recovery-code-used': notice('Recovery code used', 'Someone signed in to your account with a recovery code.'),
  'notice-device-replayed': notice(
    'Trusted device removed',
    'Someone used an old copy of a trusted device’s cookie with your password. We’ve removed that device. If you restored a backup or changed browsers, this may have been you.',
  ),
  'notice-factors-reset': noticeOfHelp(
    'Second step reset',
    'The second step of your account was reset: every app, passkey and recovery code was removed.',
  ),
  'notice-unlocked': noticeOfHelp('Sign-in unlocked', 'Sign-in to your account was unlocked after failed attempts.'),
  'notice-policy-exempted': noticeOfHelp(
    'Exempted from a policy',
    'A sign-in policy doesn’t apply to your account until {exempt_until_at}. You can set up what it requires any time before then.',
  ),
  'notice-token-created': notice('API token created', 'An API token that acts as you was created.'),
  'notice-username-changed': notice('Username changed', 'The username of your account is now {name}.'),
  'notice-email-changed': {
    subject: '{instance}: Email changed',
    heading: 'Email changed',
    paragraphs: [
      'This is no longer the email of your account.',
      'The new one: {email}',
      ...FACTS,
      'If this was you, you don’t need to do anything.',
      'If it wasn’t, use the link below. It makes this the email of your account again, and can end every session.',
    ],
    button: 'Undo the change',
    after: [`The link expires in ${stated.span(ANSWER_LIFETIME)} and works once.`, LAST_ADMIN],
  },
  'notice-email-set': {
    subject: '{instance}: Email changed',
    heading: 'Email changed',
    paragraphs: [
      'An admin changed the email of your account. It’s no longer this one.',
      'The new one: {email}',
      ...FACTS,
      'If you didn’t expect this, ask an admin.',
    ],
    button: '',
    after: [],
  },
  'email-confirmation': {
    subject: '{instance}: Confirm your email',
    heading: 'Confirm your email',
    paragraphs: [
      'Someone entered this address as the email of the account {name}.',
      'If this was you, confirm it with the link below.',
      'If it wasn’t, ignore this email: nothing changes.',
    ],
    button: 'Confirm email',
    after: [`The link expires in ${stated.span(CONFIRMATION_LIFETIME)} and works once.`],
  },
  'email-confirmation-asked': {
    subject: '{instance}: Confirm your email',
    heading: 'Confirm your email',
    paragraphs: [
      'This is the email of the account {name}. It isn’t confirmed yet.',
      'Confirm it with the link below, which asks you to sign in first. Then you can use it to reset a forgotten password.',
      'If you have no account on {instance}, ignore this email: nothing changes.',
    ],
    button: 'Confirm email',
    after: [`The link expires in ${stated.span(ANSWER_LIFETIME)} and works once.`],
  },
}
