import type { RefusalEntry } from './refusal-entry.ts'

/** What the door itself refuses: form, rights, budgets, outages. */
export const REFUSALS_OF_REQUESTS = {
  'request.unreadable': {
    kind: 'malformed',
    title: 'Unreadable request',
    detail: 'The body could not be read. Send well-formed content of the announced type.',
  },
  'request.validation_failed': {
    kind: 'invalid',
    title: 'Some fields need another look',
    detail: 'Some fields are missing or not as wanted; `errors` names each.',
  },
  'request.too_large': {
    kind: 'too-large',
    title: 'Request too large',
    detail: 'The request is larger than this server accepts.',
  },
  'request.unsupported_media_type': {
    kind: 'media-type',
    title: 'Unsupported content type',
    detail: 'This route does not read that content type.',
  },
  'request.method_not_allowed': {
    kind: 'method',
    title: 'Method not allowed',
    detail: 'This address does not take that method; `Allow` names those it takes.',
  },
  'request.not_found': {
    kind: 'missing',
    title: 'Not found',
    detail: 'Nothing is here; the API is described at /openapi.json.',
  },
  'request.form_outdated': {
    kind: 'forbidden',
    title: 'Form of another session',
    detail:
      'This form belongs to an earlier session, so nothing was changed. Open its page again and repeat your change.',
  },
  'request.cross_origin': {
    kind: 'forbidden',
    title: 'Request from another site',
    detail: 'This request came from another site, so nothing was changed. Open the page here and try again.',
  },
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
  'throttle.blocked': { kind: 'throttled', title: 'Too many tries', detail: 'Too many tries. Wait, then try again.' },
  'service.busy': {
    kind: 'unavailable',
    title: 'Busy',
    detail: 'The server is busy; nothing was changed. Try again shortly.',
  },
  'service.unavailable': {
    kind: 'unavailable',
    title: 'Unavailable',
    detail: 'The server cannot do this right now; nothing was acknowledged. Try again shortly.',
  },
} as const satisfies Record<string, RefusalEntry>
