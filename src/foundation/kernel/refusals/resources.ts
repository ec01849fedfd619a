/** Refusals about APIs for which apps get tokens, and about a resource of our own API that is not as it was read. */
export const RESOURCE_REFUSALS = {
  'resource.not_found': { kind: 'missing', title: 'Resource not found', detail: 'There is no such resource.' },
  'resource.uri_taken': {
    kind: 'conflict',
    title: 'URI of a resource taken',
    detail: 'Another resource has this URI.',
  },
  'resource.too_many': {
    kind: 'conflict',
    title: 'Too many resources',
    detail: 'Resource limit reached. Delete one first.',
  },
  'resource.stale': {
    kind: 'stale',
    title: 'Changed in the meantime',
    detail: 'The resource changed since you read it. Fetch it and retry.',
  },
} as const
