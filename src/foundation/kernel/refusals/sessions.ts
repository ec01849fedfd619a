/** Refusals about sessions. */
export const SESSION_REFUSALS = {
  'session.not_found': { kind: 'missing', title: 'No such session', detail: 'There is no such session.' },
} as const
