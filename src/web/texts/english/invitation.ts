// A newcomer’s invitation.

export const invitation = {
  title: (instance: string) => `Welcome to ${instance}`,
  shortTitle: 'Invitation',
  madeBy: (name: string | null, by: string | null) =>
    `${name === null ? '' : `${name}, `}${by ?? (name === null ? 'An admin' : 'an admin')} made you an account.`,
  choose: 'Choose a password, then set up your second step.',
  keep: 'Type the password you have or choose a new one, then set up your second step.',
  refused: 'This invitation does not work',
}
