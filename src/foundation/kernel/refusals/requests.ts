/** Refusals before a route's own rules apply, and while the server cannot answer. */
export const REQUEST_REFUSALS = {
  'request.unreadable': {
    kind: 'malformed',
    title: 'Unreadable request',
    detail: 'The body could not be read. Send well-formed content of the announced type.',
  },
  'request.validation_failed': {
    kind: 'invalid',
    title: 'Invalid fields',
    detail: 'Some fields are missing or invalid. See `errors`.',
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
} as const
