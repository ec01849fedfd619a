/** Refusals about users, and their audit events, sessions and API tokens. */
export const USER_REFUSALS = {
  'audit_event.not_found': {
    kind: 'missing',
    title: 'Unknown reference',
    detail: 'No event has this reference. Check that you copied all of it.',
  },
  'user.not_found': { kind: 'missing', title: 'User not found', detail: 'There is no such user.' },
  'user.username_taken': { kind: 'conflict', title: 'Username taken', detail: 'Another user has this username.' },
  'user.email_taken': {
    kind: 'conflict',
    title: 'Email address taken',
    detail: 'Another user has this email address.',
  },
  'email.nothing_to_verify': {
    kind: 'conflict',
    title: 'Nothing to verify',
    detail: 'The account has no unverified email address, or this server sends no email.',
  },
  'email.sign_in_to_confirm': {
    kind: 'forbidden',
    title: 'Sign in to confirm the email',
    detail:
      'An admin asked for this confirmation, so it takes a session of the user. Sign in as this user, then confirm.',
  },
  'user.last_admin': {
    kind: 'conflict',
    title: 'Last admin',
    detail: 'This is the only active admin. Add another admin first.',
  },
  'user.own_account': {
    kind: 'conflict',
    title: 'Your own account',
    detail: 'This does not work on your own account. Use the routes of your own account, or ask another admin.',
  },
  'user.ambiguous': {
    kind: 'conflict',
    title: 'More than one user',
    detail: 'Ambiguous: an id and a username match different users. Use the email address.',
  },
  'user.disabled': {
    kind: 'conflict',
    title: 'User disabled',
    detail: 'This account is disabled. Enable it before inviting them.',
  },
  'user.expired': {
    kind: 'conflict',
    title: 'Account expired',
    detail: 'This account has expired. Give it a later end before inviting them.',
  },
  'user.not_joined': {
    kind: 'conflict',
    title: 'Has not joined',
    detail:
      'The user has not accepted the invitation, so there is no second step to reset. Send the invitation again instead.',
  },
  'user.already_enrolled': {
    kind: 'conflict',
    title: 'Already set up',
    detail: 'This user already has a password and a second step. Reset the second step before inviting them.',
  },
  'session.not_found': { kind: 'missing', title: 'Session not found', detail: 'There is no such session.' },
  'device.not_found': { kind: 'missing', title: 'Device not found', detail: 'There is no such remembered device.' },
  'api_token.not_found': { kind: 'missing', title: 'API token not found', detail: 'There is no such API token.' },
  'api_token.too_many': {
    kind: 'conflict',
    title: 'Too many API tokens',
    detail: 'API token limit reached. Revoke one first.',
  },
  'api_token.unusable': {
    kind: 'conflict',
    title: 'No API tokens for this account',
    detail: 'Tokens for this account would not work: it is disabled or has no second step.',
  },
} as const
