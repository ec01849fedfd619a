// A newcomer’s invitation.

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
