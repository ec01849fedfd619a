/** Refusals that depend on the principal: sign-in, permissions, scopes, re-authentication. */
export const ACCESS_REFUSALS = {
  'access.not_authenticated': { kind: 'unauthenticated', title: 'Not signed in', detail: 'Not authenticated' },
  'access.invalid_token': { kind: 'unauthenticated', title: 'Not signed in', detail: 'Could not validate credentials' },
  'access.insufficient_permissions': {
    kind: 'forbidden',
    title: 'Not permitted',
    detail: 'User has insufficient permissions',
  },
  'access.second_factor_missing': {
    kind: 'forbidden',
    title: 'Second step needed',
    detail: 'Set up a second step first; administration needs one.',
  },
  'access.reauthentication_required': {
    kind: 'reauthentication',
    title: 'Confirm it is you',
    detail: 'This needs a recent proof: confirm your password and a code at POST /session/proof, then try again.',
  },
  'access.session_required': {
    kind: 'forbidden',
    title: 'Not with an API token',
    detail: 'An API token cannot do this; sign in and confirm it is you.',
  },
  'access.insufficient_scope': {
    kind: 'forbidden',
    title: 'Scope missing',
    detail: 'This API token was not made for this; `scope` names what it lacks. Make one that has it.',
  },
  'access.stronger_authentication_required': {
    kind: 'reauthentication',
    title: 'Confirm it with your passkey',
    detail:
      'This needs a proof as strong as your account can give: confirm with your passkey, or with your password and a recovery code, at POST /session/proof, then try again.',
  },
} as const
