// Notices, what their links open, and the review of a reported account.
import { ANSWER_LIFETIME, ASKED_LIFETIME, MOST_ASKED_AT_ONCE } from '#foundation/kernel/stated-limits.ts'
import { quoted } from './quoted.ts'
import { stated } from './stated.ts'

/** What a notice was about, by its kind. */
export const noticeKinds = {
  joined: 'Account set up',
  'new-device': 'Sign-in from a new device',
  'password-changed': 'Password changed',
  'password-set': 'New password set by an admin',
  'password-reset': 'Password reset by an emailed link',
  'app-added': 'Authenticator app added',
  'app-replaced': 'Authenticator app replaced',
  'app-removed': 'Authenticator app removed',
  'passkey-added': 'Passkey added',
  'passkey-removed': 'Passkey removed',
  'recovery-codes-made': 'New recovery codes generated',
  'recovery-code-used': 'Sign-in with a recovery code',
  'device-replayed': 'Old cookie of a trusted device used',
  'factors-reset': 'Second step reset',
  unlocked: 'Sign-in unlocked',
  'policy-exempted': 'Exempted from a policy',
  'token-created': 'API token created',
  'username-changed': 'Username changed',
  'email-changed': 'Email changed',
}

/** The page of the link “This wasn’t me”. */
export const notMe = {
  title: 'This wasn’t me',
  question: 'Lock down your account?',
  lead: 'Do this if it wasn’t you, and no one did it for you.',
  consequencesTitle: 'What happens next',
  consequences: {
    ended: { label: 'You’re signed out everywhere', detail: 'API tokens stop working, too.' },
    password: {
      label: 'You choose a new password',
      detail: 'At your next sign-in, where you also review your second steps.',
    },
    check: {
      label: 'You may need an admin',
      detail:
        'Has the password or a second step changed since? Then sign in with a second step you had before. Without one, ask an admin.',
    },
  },
  several: 'Several emails you can’t explain? Use the link in the oldest one.',
  submit: 'Lock down my account',
  cancel: 'Cancel',
  done: 'Your account is locked down',
  doneText: 'Every session was ended, and every API token was revoked.',
  doneByUser: 'Sign in now to choose a new password and review your second steps.',
  doneByUnchanged: {
    secondStep: {
      label: 'Sign in with an unchanged second step',
      detail: 'Use one that hasn’t changed since. If your password no longer works, reset it first.',
    },
    password: { label: 'Choose a new password', detail: 'Then review your second steps.' },
  },
  doneByAdmin:
    'The password or a second step may be in the wrong hands. Before you can sign in, an admin has to clear the review. Call them: someone else may read your email.',
  doneByOperator: 'You are the only active admin, so this command on the server clears the review:',
  over: 'This link no longer works',
  overText: `It’s been used, is older than ${stated.span(ANSWER_LIFETIME)}, or no longer applies. Still worried? Contact an admin.`,
}

/** The page of a sign-in between its last factor and the session of a reported account. */
export const review = {
  title: 'Review your account',
  lead: 'Someone reported activity on this account. Choose a new password, then remove anything you don’t recognize.',
  reported: 'Reported',
  newPassword: 'New password',
  factors: 'Remove what you don’t recognize',
  factorsHint: 'What you check is removed when you save. The rest works as before.',
  app: (name: string) => `Authenticator app “${name}”`,
  passkey: (name: string) => `Passkey “${name}”`,
  since: (when: string) => `Added ${when}`,
  recoveryCodes: 'Recovery codes',
  recoveryCodesHint: (left: number) => `${left} left. You can generate new ones afterwards.`,
  submit: 'Save and sign in',
  byAdmin: 'An admin has to check first',
  byAdminText:
    'This account was reported. Its password or second step has changed since, or you signed in with a changed one. Ask an admin to clear the review, in person or by phone.',
  byOperator: 'You are the only active admin, so this command on the server clears the review:',
  another: 'Sign in with another second step',
  anotherText: (unchanged: string) =>
    `This account was reported. What you signed in with may have changed since. Sign in again with one of these: ${unchanged}. If you can’t, ask an admin to clear the review, in person or by phone.`,
  back: 'Back to sign-in',
}

/** The page that confirms an email. */
export const confirmEmail = {
  title: 'Confirm your email',
  account: 'Account',
  email: 'Email',
  lead: 'Confirm that this email belongs to you and to this account.',
  submit: 'Confirm email',
  cancel: 'Cancel',
  done: 'Email confirmed',
  doneText: (email: string, username: string) => `${email} is now the email of ${username}.`,
  over: 'This link no longer works',
  overText:
    'It was already used, it has expired, or you’ve entered another email since. Start again on your account page.',
  signIn: (username: string) => `Sign in as ${username} to confirm it.`,
  other: (username: string) =>
    `You’re signed in to another account. Sign out, then open this link again and sign in as ${username}.`,
  taken: 'Another account uses this email now, so you can’t confirm it. Use another one.',
}

/** The page on which an admin asks users to confirm their email. */
export const emailConfirmations = {
  open: 'Ask users to confirm their email',
  title: 'Ask users to confirm their email',
  lead: 'Each user who has joined and hasn’t confirmed their email gets an email with a link. They sign in to confirm it. You can’t confirm an email for someone else.',
  due: (count: number) =>
    count === 1 ? '1 user can be asked now.' : `${count === 0 ? 'No' : count} users can be asked now.`,
  asked: (count: number) =>
    count === 1
      ? `1 user was asked in the last ${stated.span(ASKED_LIFETIME)} or has a link to confirm an email.`
      : `${count} users were asked in the last ${stated.span(ASKED_LIFETIME)} or have a link to confirm an email.`,
  beyondOwn: (count: number) =>
    count === 1
      ? '1 user has permissions that you don’t have and isn’t asked.'
      : `${count} users have permissions that you don’t have and aren’t asked.`,
  mailOff: 'This server doesn’t send email.',
  submit: (count: number) => (count === 1 ? 'Email 1 user' : `Email ${count} users`),
  done: {
    asked: 'Emails queued.',
    some: `The first ${stated.count(MOST_ASKED_AT_ONCE)} emails are queued. Send again for the others.`,
  },
}

/** The page that undoes a change of an email. */
export const undoEmail = {
  title: 'Undo the new email',
  account: 'Account',
  current: 'Current email',
  former: 'Previous email',
  none: 'None',
  lead: 'This restores the account’s previous email.',
  report: 'This wasn’t me',
  reportHint: 'Also ends every session and API token. At the next sign-in, you review the account.',
  submit: 'Undo the change',
  cancel: 'Cancel',
  done: 'Change undone',
  doneText: (email: string) => `${email} is your account’s email again.`,
  over: 'This link no longer works',
  overText: `It’s been used, is older than ${stated.span(ANSWER_LIFETIME)}, or an earlier change was undone. Still worried? Contact an admin.`,
  taken: 'Another account uses the previous email now, so you can’t undo the change. Ask an admin.',
}

/** What the account page says of an email that waits, and of notices. */
export const ownNotices = {
  pending: (email: string, when: string) =>
    `We sent a link to ${email}. To change your email, open it and confirm by ${when}.`,
  pendingSame: (email: string, when: string) => `We sent a link to ${email}. Open it and confirm by ${when}.`,
  withdraw: 'Discard the new email',
  verify: 'Verify email',
  title: 'Security emails',
  lead: 'We email you when your account changes. Each email has a link in case it wasn’t you.',
  without: 'Your account has no email, so you get no security emails.',
  always: 'Emails you always get',
  isOn: 'New-device alerts are on.',
  isOff: 'New-device alerts are off.',
  turnOn: 'Turn on',
  turnOff: 'Turn off',
  /** What the page says after a form. */
  done: {
    'email-sent': 'Saved. We sent a link to your new email. Open it and confirm to make the change.',
    'email-verify': 'We sent a link to your email. Open it and confirm.',
    'email-discarded': 'New email discarded.',
    notices: 'Saved.',
  },
}

/** What the page of a user says of a review. */
export const userReview = {
  title: 'Needs review',
  lead: `The user answered a security email with ${quoted(notMe.title)}. When they sign in, they review the account first.`,
  byUser: 'They can do the review themselves.',
  byUnchanged: (unchanged: string) =>
    `The password or a second step has changed since. They can do the review themselves if they sign in with one of these: ${unchanged}. If they can’t, first make sure it’s really them, and reset anything that may be in the wrong hands.`,
  byAdmin:
    'The password or a second step has changed since, so an admin has to clear the review. First make sure it’s really them, and reset anything that may be in the wrong hands.',
  reports: 'Reported',
  submit: 'Clear the review',
  done: 'Review cleared. The user can sign in again.',
}
