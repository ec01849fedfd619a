/** What is refused about events of the audit log. */
export const AUDIT_REFUSALS = {
  'audit_event.not_found': {
    kind: 'missing',
    title: 'Reference not known',
    detail: 'No refusal has this reference. Check that it is whole.',
  },
} as const
