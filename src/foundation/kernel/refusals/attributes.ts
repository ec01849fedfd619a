/** Refusals about attributes, the fields of the profile that the operator declares. */
export const ATTRIBUTE_REFUSALS = {
  'attribute.not_found': { kind: 'missing', title: 'Attribute not found', detail: 'There is no such attribute.' },
  'attribute.key_taken': {
    kind: 'conflict',
    title: 'Key taken',
    detail: 'Another attribute has this key. Choose another key, or change that attribute.',
  },
  'attribute.too_many': {
    kind: 'conflict',
    title: 'Too many attributes',
    detail: 'There are 50 attributes, which is the limit. Delete one first.',
  },
} as const
