// Signing in and out.

export const signIn = {
  title: 'Sign in',
  ended: 'That took too long, or is already done. Start again: sign in here, or open your link once more.',
  idle: (span: string) => `You were signed out after ${span} without activity.`,
  tooOld: (span: string) => `You were signed out, as every session ends after ${span}.`,
  over: 'You are signed out. Sign in again.',
  cannot: 'Can’t sign in?',
  turnedOff: 'This account is turned off',
  askAbout: (instance: string) => `Ask whoever looks after ${instance}.`,
  ask: 'Ask:',
}

export const secondStep = {
  title: 'Second step',
  signingInAs: 'Signing in as',
  notYou: 'Not you?',
  submit: 'Sign in',
  cannot: 'I can’t use this',
}

export const signInHelp = {
  title: 'Help with signing in',
  lead: 'An admin can let you in again: with a new invitation, or by resetting your second step.',
  tell: 'Tell them:',
  telling: [
    'your username',
    'what is missing: the password, the phone with the authenticator app, or both',
    'how they reach you, so that they can make sure it is you',
  ],
  never: 'Never tell anybody your password or a code. No admin needs them.',
  ownServer: 'You look after this server yourself?',
  ownServerText:
    'Let another admin reset your second step. If there is none, run this on the server, with your username:',
  command: 'doorward user reset-second-factor USERNAME',
  back: 'Back to sign in',
}

export const signOut = {
  title: 'Sign out',
  submit: 'Sign out',
  question: 'You are signed in as',
  done: 'You’re signed out',
  doneText: 'The session in this browser is over.',
}
