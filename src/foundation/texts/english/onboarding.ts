// The first admin’s set-up, and a newcomer’s invitation.

export const setup = {
  title: 'Set up this server',
  welcome: 'You become this server’s first admin.',
  steps: 'Steps',
  you: 'You',
  secondStep: 'Second step',
  codes: 'Recovery codes',
  stepYou: 'Step 1 of 3: You',
  stepSecond: 'Step 2 of 3: Second step',
  stepCodes: 'Step 3 of 3: Recovery codes',
  codeTitle: 'Set up this server',
  codeLead:
    'This server is not set up yet. Open the setup link from the server’s log, or make a new one on the server:',
  codeUnknown: 'That is no setup code of this server. Paste the whole link, or make a new one with the command above.',
  open: 'Open',
  resume: 'Welcome back. You already chose a username and a password here.',
  resumeLink: 'Go on with step 2',
  restartSignIn: 'Start over with another username',
  tookTooLong: 'That took too long. Open your setup link once more; nothing was lost but what you typed.',
  expired: 'This setup link ran out',
  expiredText: (lifetime: string) => `It is older than ${lifetime}. Make a new one on the server:`,
  refused: 'This setup link does not work',
  another: 'A newer one may have replaced it. Make a new one on the server:',
  address: (url: string) => `People will reach this server at ${url}.`,
  otherAddress: (url: string, here: string) =>
    `Links and the same-site check use ${url}, but you opened ${here}. If people are to use the second, start the server with this setting:`,
}

export const invitation = {
  title: (instance: string) => `Welcome to ${instance}`,
  /** For somebody who has signed in here before. */
  titleAgain: (instance: string) => `Welcome back to ${instance}`,
  shortTitle: 'Invitation',
  madeBy: (name: string | null, by: string | null) => `${greeting(name, by)} created an account for you.`,
  sentBy: (name: string | null, by: string | null) =>
    `${greeting(name, by)} sent you this link to set up your sign-in again.`,
  choose: 'Choose a password, then set up your second step.',
  keep: 'Type the password you have or choose a new one, then set up your second step.',
  expired: 'This invitation ran out',
  expiredText: (when: string, by: string | null) => `It ran out on ${when}. Ask ${admin(by)} for a new one.`,
  used: 'This invitation was already used',
  usedText:
    'Sign in with your username and the password you chose. If it was not you who used it, tell an admin at once.',
  unknown: 'This invitation does not work',
  unknownText:
    'It may have been withdrawn, or replaced by a newer one. Check that the link is whole, open the newest one you have, or ask for a new one.',
}

/** A newcomer may not know whose name that is. */
function admin(username: string | null): string {
  return username === null ? 'an admin' : `the admin ${username}`
}

function greeting(name: string | null, by: string | null): string {
  return `${name === null ? '' : `Hello ${name}. `}${by === null ? 'An admin' : `The admin ${by}`}`
}
