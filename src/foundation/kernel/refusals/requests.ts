/** Refusals before a route's own rules apply, and while the server cannot answer. */
export const REQUEST_REFUSALS = {
  'request.unreadable': {
    kind: 'malformed',
    title: 'Unreadable request',
    detail: 'The body could not be parsed. Send well-formed content of the declared type.',
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
    detail: 'This route does not accept that content type.',
  },
  'request.method_not_allowed': {
    kind: 'method',
    title: 'Method not allowed',
    detail: 'This address does not support that method. See `Allow`.',
  },
  'request.not_found': {
    kind: 'missing',
    title: 'Not found',
    detail: 'No such route. The API is described at /openapi.json.',
  },
  'request.form_outdated': {
    kind: 'forbidden',
    title: 'Form from another session',
    detail: 'This form belongs to an earlier session. Nothing was changed.',
  },
  'request.cross_origin': {
    kind: 'forbidden',
    title: 'Request from another site',
    detail: 'This request came from another site. Nothing was changed.',
  },
  'service.busy': {
    kind: 'unavailable',
    title: 'Busy',
    detail: 'The server is busy. Nothing was changed. Retry shortly.',
  },
  'service.unavailable': {
    kind: 'unavailable',
    title: 'Unavailable',
    detail: 'Temporarily unavailable. Retry shortly.',
  },
} as const
