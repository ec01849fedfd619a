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
    title: 'Second step required',
    detail: 'A role with permissions needs a second step. Set one up first.',
  },
  'access.reauthentication_required': {
    kind: 'reauthentication',
    title: 'Confirmation required',
    detail: 'Recent confirmation required. Confirm at POST /session/proof, then retry.',
  },
  'access.session_required': {
    kind: 'forbidden',
    title: 'Session required',
    detail: 'An API token cannot do this. Sign in and confirm that it is you.',
  },
  'access.insufficient_scope': {
    kind: 'forbidden',
    title: 'Scope missing',
    detail: 'This API token lacks the scope named in `scope`. Create one that has it.',
  },
  'access.stronger_authentication_required': {
    kind: 'reauthentication',
    title: 'Stronger confirmation required',
    detail:
      'A stronger method is required: passkey, or password and recovery code. Confirm at POST /session/proof, then retry.',
  },
} as const
