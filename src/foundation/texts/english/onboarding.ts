// The first admin’s set-up, and a newcomer’s invitation.

export const setup = {
  title: 'Set up this server',
  welcome: 'You’ll be the first admin of this server.',
  stepYou: 'Create your admin account',
  stepSecond: 'Protect your account',
  stepCodes: 'Save your recovery codes',
  codeTitle: 'Set up this server',
  codeLead:
    'This server isn’t set up yet. Open the setup link from the server’s console, or create a new one on the server:',
  codeUnknown: 'That isn’t a valid setup code. Paste the full link, or create a new one with the command above.',
  open: 'Start setup',
  resume: 'Welcome back. You’ve already chosen a username and password.',
  resumeLink: 'Continue setup',
  restartSignIn: 'Start over with another username',
  tookTooLong: 'This page timed out. Open your setup link again and re-enter these details.',
  expired: 'This setup link has expired',
  expiredText: (lifetime: string) => `It’s older than ${lifetime}. Create a new one on the server:`,
  refused: 'This setup link doesn’t work',
  another: 'It may have been replaced. Create a new one on the server:',
  publicUrl: (url: string) => `Address of this server: ${url} (Wrong? Set public_url.)`,
  otherUrl: (url: string, here: string) =>
    `Links and forms use ${url}, but you opened ${here}. To use the address you opened, start the server with:`,
}

export const invitation = {
  title: (instance: string) => `Welcome to ${instance}`,
  /** For a user who has signed in here before. */
  titleAgain: (instance: string) => `Welcome back to ${instance}`,
  shortTitle: 'Invitation',
  hello: (name: string) => `Hello ${name}.`,
  madeBy: (by: string | null) => `${by ?? 'An admin'} created an account for you.`,
  sentBy: (by: string | null) => `${by ?? 'An admin'} sent you this link to set up your sign-in again.`,
  choose: 'Choose a password, then set up your second step.',
  keep: 'Enter your password or choose a new one. Then set up your second step.',
  until: 'This invitation works until',
  expired: 'This invitation has expired',
  expiredText: (when: string, by: string | null) => `It expired on ${when}. Ask ${by ?? 'an admin'} for a new one.`,
  replaced: 'There’s a newer link',
  replacedText: (when: string) =>
    `On ${when} we sent a reminder with a new link to the same email address. Open the link in that email.`,
  used: 'This invitation was already used',
  usedText: 'Sign in with your username and the password you chose. Not you? Tell an admin right away.',
  unknown: 'This invitation doesn’t work',
  unknownText:
    'It may have been replaced. Check that you copied the whole link, try the latest one, or ask for a new one.',
}
