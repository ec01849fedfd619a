// Signing in and out, and proving again who one is, before something sensitive.

export const signIn = {
  title: 'Sign in',
  ended:
    'This sign-in took too long, or is already finished. Sign in again or, if a link brought you here, open that link again.',
  idle: (span: string) => `You were signed out after ${span} without activity.`,
  tooOld: (span: string) => `You were signed out, as every session ends after ${span}.`,
  over: 'You are signed out. Sign\u00A0in again.',
  /** Instead of what other forms say of these fields when they are empty. */
  missing: { username: 'Enter your username or email.', password: 'Enter your password.' },
  cannot: 'Can’t sign in?',
  withPasskey: 'Sign in with a passkey',
  turnedOff: 'This account is turned off',
  askAbout: (instance: string) => `Ask whoever looks after ${instance}.`,
  ask: 'Ask:',
}

export const secondStep = {
  title: 'Second step',
  signingInAs: 'Signing in as',
  notYou: 'Not you?',
  submit: 'Sign in',
  usePasskey: 'Use your passkey',
  passkeyLead: 'Your browser asks for your passkey: a finger, your face, a PIN or a security key.',
  withoutScripts: 'Without JavaScript a browser cannot show a passkey.',
  otherWays: 'Other ways',
  ways: {
    passkey: 'Use your passkey',
    totp: 'Use a code from your authenticator app',
    'recovery-code': 'Use a recovery code',
  },
  cannot: 'I can’t use any of these',
}

/** After a recovery code: how many are left, and what to put right. */
export const recovered = {
  title: 'You’re in',
  used: (left: number) => `You used a recovery code. You have ${left || 'none'} left.`,
  /** By what there is of theirs. */
  lost: { app: 'Lost your phone?', passkey: 'Lost your passkey?' },
  replace: {
    app: 'Set up a new one',
    passkey: 'Add a new one, then remove the old one',
  },
  few: 'Make new codes before you run out.',
  makeNew: 'Make new codes',
}

export const signInHelp = {
  title: 'Help with signing in',
  lead: 'If you know your password and have a recovery code, type the password first and use the code as the second step. Otherwise an admin can let you in again: with a new invitation, or by resetting your second step.',
  tell: 'Tell them:',
  telling: [
    'your username',
    'what is missing: your password, your authenticator app, your passkey, or more than one of them',
    'how they can reach you, so that they can make sure it is you',
  ],
  never: 'Never tell anybody your password or a code. No admin needs them.',
  ownServer: 'You look after this server yourself?',
  ownServerText:
    'Let another admin reset your second step. If there is none, run this on the server, with your username:',
  command: 'user reset-second-factor USERNAME',
  back: 'Back to sign-in',
}

export const signOut = {
  title: 'Sign out',
  submit: 'Sign out',
  question: 'You are signed in as',
  stay: 'Stay signed in',
  done: 'You’re signed out',
  doneText: 'The session in this browser is over.',
}

export const confirm = {
  title: 'Confirm it’s you',
  leads: {
    password: 'This needs your password once more.',
    totp: 'This needs your password and a code once more.',
    'recovery-code': 'This needs your password and one of your recovery codes.',
    passkey: 'This needs your passkey once more.',
  },
  lasts: (minutes: string) => `You will not be asked again for ${minutes}.`,
  wrongPassword: 'That password didn’t match. Check it and try again.',
  wrongRecoveryCode:
    'That password and recovery code didn’t match. Check both; a code that was used does not work again.',
  nothingDone:
    'Nothing has been changed. Once you have confirmed, you are back on the page you came from and can send its form again.',
  submit: 'Confirm',
  until: 'You confirmed it’s you, and are not asked again until',
}
