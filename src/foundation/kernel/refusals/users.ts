/** Refusals about users. */
export const USER_REFUSALS = {
  'user.not_found': { kind: 'missing', title: 'User not found', detail: 'There is no such user.' },
  'user.username_taken': { kind: 'conflict', title: 'Username taken', detail: 'Another user has this username.' },
  'user.email_taken': { kind: 'conflict', title: 'Address taken', detail: 'Another user has this email address.' },
  'user.last_admin': {
    kind: 'conflict',
    title: 'Last admin',
    detail: 'This is the last active admin. Make another admin first.',
  },
  'user.own_account': {
    kind: 'conflict',
    title: 'Your own account',
    detail: 'This cannot be done to your own account here. Use your own account page, or ask another admin.',
  },
  'user.ambiguous': {
    kind: 'conflict',
    title: 'More than one user',
    detail: 'This is the id of one user and the username of another. Name the one you mean by email address.',
  },
  'user.disabled': {
    kind: 'conflict',
    title: 'User is disabled',
    detail: 'This user is disabled, so an invitation would open nothing. Enable the user first.',
  },
  'user.already_enrolled': {
    kind: 'conflict',
    title: 'Already set up',
    detail:
      'This user already has a password and a second step; an invitation would replace nothing. Reset the second step first.',
  },
  'user.stale': {
    kind: 'stale',
    title: 'Changed meanwhile',
    detail: 'Someone changed this since you read it. Read it again and repeat your change.',
  },
} as const
