/** Refusals about users, and their audit events, sessions and API tokens. */
export const USER_REFUSALS = {
  'audit_event.not_found': {
    kind: 'missing',
    title: 'Reference not known',
    detail: 'No event has this reference. Check that you copied all of it.',
  },
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
  'session.not_found': { kind: 'missing', title: 'No such session', detail: 'There is no such session.' },
  'api_token.not_found': { kind: 'missing', title: 'No such API token', detail: 'There is no such API token.' },
  'api_token.too_many': {
    kind: 'conflict',
    title: 'Too many API tokens',
    detail: 'This account has as many API tokens as it may have. Revoke one first.',
  },
  'api_token.unusable': {
    kind: 'conflict',
    title: 'No API tokens for this account',
    detail: 'An API token of this account would open nothing: it is disabled, or lacks the second step it must have.',
  },
} as const
