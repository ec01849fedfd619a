/** Refusals about API tokens. */
export const API_TOKEN_REFUSALS = {
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
