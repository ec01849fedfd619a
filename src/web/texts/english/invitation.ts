// A newcomer’s invitation.

export const invitation = {
  title: (instance: string) => `Welcome to ${instance}`,
  shortTitle: 'Invitation',
  madeBy: (name: string | null, by: string | null) =>
    `${name === null ? '' : `Hello ${name}. `}${by === null ? 'An admin' : `The admin ${by}`} made you an account.`,
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
