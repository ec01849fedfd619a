// Signing in and out.

export const signIn = {
  title: 'Sign in',
  ended: 'That took too long, or is already done. Start again: sign in here, or open your link once more.',
}

export const secondStep = {
  title: 'Second step',
  signingInAs: 'Signing in as',
  notYou: 'Not you?',
  submit: 'Sign in',
}

export const signOut = {
  title: 'Sign out',
  submit: 'Sign out',
  question: 'You are signed in as',
  done: 'You’re signed out',
  doneText: 'The session in this browser is over.',
}
