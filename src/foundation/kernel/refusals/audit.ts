/** Refusals about audit events. */
export const AUDIT_REFUSALS = {
  'audit_event.not_found': {
    kind: 'missing',
    title: 'Reference not known',
    detail: 'No event has this reference. Check that you copied all of it.',
  },
} as const
