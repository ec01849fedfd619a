// Signing in and out, and proving again who one is, before something sensitive.

export const signIn = {
  title: 'Sign in',
  ended:
    'This sign-in took too long or is already finished. Sign in again. If you came from a link, open that link again.',
  idle: (span: string) => `You were signed out after ${span} without activity.`,
  tooOld: (span: string) => `You were signed out because sessions end after ${span}.`,
  notEnough: 'You were signed out because this server now requires a stronger second step. Sign\u00A0in again.',
  over: 'You’ve been signed out. Sign\u00A0in again.',
  /** After one of these sentences, if a form was submitted. */
  unsaved: 'Your change wasn’t saved.',
  kept: 'Your change isn’t saved yet. You can check and save it after you sign in.',
  /** Instead of what other forms say of these fields when they are empty. */
  missing: { username: 'Enter your username or email.', password: 'Enter your password.' },
  cannot: 'Can’t sign in?',
  forgot: 'Forgot?',
  newHere: 'New here?',
  withPasskey: 'Sign in with a passkey',
  turnedOff: 'This account is disabled',
  askAbout: (instance: string) => `Contact your ${instance} admin.`,
  ask: 'Contact:',
}

export const secondStep = {
  title: 'Second step',
  signingInAs: 'Signing in as',
  notYou: 'Not you?',
  submit: 'Sign in',
  usePasskey: 'Use your passkey',
  passkeyLead: 'Your browser will ask for your fingerprint, face, PIN or security key.',
  withoutScripts: 'Passkeys need JavaScript, which is off in this browser.',
  otherWays: 'Other methods',
  ways: {
    passkey: 'Use your passkey',
    totp: 'Use a code from your authenticator app',
    'recovery-code': 'Use a recovery code',
  },
  cannot: 'Can’t use any of these?',
}

/** After a recovery code: how many are left, and what to put right. */
export const recovered = {
  title: 'You’re in',
  used: (left: number) => `Recovery code used. ${left || 'None'} left.`,
  /** By what there is of theirs. */
  lost: { app: 'Lost your phone?', passkey: 'Lost your passkey?' },
  replace: {
    app: 'Set up a new one',
    passkey: 'Add a new one, then remove the old one',
  },
  makeNew: 'Generate new codes',
}

export const signInHelp = {
  title: 'Help with signing in',
  byMail: 'Get a link by email to choose a new one',
  withCode: 'If you have a recovery code',
  withCodeText: 'Enter your password first, then use the code as your second step.',
  byAdmin: 'Otherwise, ask an admin',
  byAdminText: 'They can send you a new invitation or reset your second step.',
  toSay: 'What to tell them',
  sayings: {
    username: 'Your username',
    lost: 'What you’ve lost: password, app or passkey',
    contact: 'How to reach you, so they can make sure it’s you',
  },
  never: 'Never share your password or a code. No admin will ask for them.',
  ownServer: 'Are you the admin?',
  ownServerText:
    'Ask another admin to reset your second step. If you’re the only one, run this on the server with your username:',
  command: 'user reset-second-factor USERNAME --reason lost-phone',
  back: 'Back to sign-in',
}

export const signOut = {
  title: 'Sign out',
  submit: 'Sign out',
  question: 'You’re signed in as',
  stay: 'Cancel',
  done: 'You’re signed out',
  doneText: 'Your other devices stay signed in.',
}

export const confirm = {
  title: 'Confirm it’s you',
  leads: {
    password: 'Enter your password to continue.',
    totp: 'Enter your password and a code to continue.',
    'recovery-code': 'Enter your password and a recovery code to continue.',
    passkey: 'Use your passkey to continue.',
  },
  lasts: (minutes: string) => `We won’t ask again for ${minutes}.`,
  wrongPassword: 'That password didn’t match. Check it and try again.',
  wrongRecoveryCode: 'That password and recovery code didn’t match. Check both. Each recovery code works only once.',
  nothingDone: 'Nothing has changed yet. After you confirm, we’ll take you back so you can submit again.',
  submit: 'Confirm',
  until: 'Confirmed. We won’t ask again until',
  /** What the user opens requires more than the account can do. */
  unmet: {
    passkeyTitle: 'This needs a passkey',
    passkey: 'Your account has no passkey yet.',
    addPasskey: 'Add a passkey',
    passkeyNotAllowed: 'Your account can’t have a passkey here. Ask an admin.',
    secondStepTitle: 'This needs a second step',
    secondStep: 'Your account has no second step that can be used here.',
    addSecondStep: 'Set up a second step',
  },
}
