// One’s own account.

export const account = {
  title: 'Account',
  /** After an enrolment, by what the next sign-in takes. */
  set: {
    'set-up': 'You’re all set. Next time, enter your password, then a code from your app.',
    'set-up-passkey': 'You’re all set. Next time, just use your passkey.',
    'set-up-second': 'You’re all set. Next time, enter your password, then use your passkey.',
  },
  signedInAs: 'Signed in as',
  details: 'Your details',
  username: 'Username',
  usernameHint: 'For signing in. Capital and small letters count as the same.',
  fullName: 'Full name (optional)',
  email: 'Email (optional)',
  emailUnconfirmed: 'Not confirmed, so sign in with your username.',
  emailConfirmed: 'Confirmed.',
  language: 'Language',
  languageOfBrowser: 'Same as the browser',
  timeZone: 'Time zone',
  timeZoneHint: 'For the times on these pages.',
  noTimeZone: 'Not set (UTC)',
  done: {
    saved: 'Saved.',
    address: 'Saved. The new address is not confirmed, so sign in with your username.',
  },
  stale:
    'Your details were changed while you were editing, by an admin or in another window. What you typed is kept below; save again to put it in their place.',
  valueNow: (value: string | null) =>
    value === null ? 'The current value is empty.' : `The current value is: ${value}`,
  changed: {
    username: (value: string | null) => `Username is now ${value ?? 'empty'}.`,
    full_name: (value: string | null) => `Full name is now ${value ?? 'empty'}.`,
    email: (value: string | null) => `Email is now ${value ?? 'empty'}.`,
    locale: (value: string | null) => `Language is now ${value ?? 'not set'}.`,
    time_zone: (value: string | null) => `Time zone is now ${value ?? 'not set'}.`,
  },
  role: 'Role',
  roles: { admin: 'Admin', user: 'User' },
  secondStep: 'Second step',
  secondStepOn: 'On',
  secondStepOff: 'Off',
  about: 'About this account',
  deletion: {
    title: 'Delete my account',
    lead: 'Takes your account away, with its sessions, passkeys, authenticator apps, recovery codes and API tokens.',
    question: (username: string) => `The account ${username} will be gone, and you can’t get it back.`,
    consequences: [
      'You are signed out everywhere.',
      'Your passkeys, authenticator apps and recovery codes stop working here.',
      'Your API tokens stop working.',
      'Somebody else may take your username.',
      'What was logged about your account stays in the log.',
    ],
    submit: 'Delete my account',
    cancel: 'Keep it',
    done: 'Your account is deleted',
    doneText: 'You are signed out everywhere.',
  },
}
