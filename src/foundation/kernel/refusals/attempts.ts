/** Refusals within a sign-in attempt. */
export const ATTEMPT_REFUSALS = {
  'attempt.ended': {
    kind: 'unauthenticated',
    title: 'Sign-in ended',
    detail: 'This sign-in is over: it took too long, was completed, or never existed. Start again.',
  },
  'attempt.wrong_stage': {
    kind: 'conflict',
    title: 'Unexpected step',
    detail: 'This sign-in is at a different step.',
  },
  'attempt.code_wrong': {
    kind: 'unauthenticated',
    title: 'Code refused',
    detail: 'That code did not match. Wait for the next one and try again.',
  },
  'attempt.code_used': {
    kind: 'unauthenticated',
    title: 'Code already used',
    detail: 'That code was used a moment ago. Wait for the next one.',
  },
  'attempt.clock_drift': {
    kind: 'unauthenticated',
    title: 'Clock off',
    detail: 'That code belongs to another time: the clock of your authenticator app is wrong. Set it, then try again.',
  },
  'attempt.recovery_code_wrong': {
    kind: 'unauthenticated',
    title: 'Recovery code refused',
    detail: 'That is not one of your recovery codes. Type it once more, or take another.',
  },
  'attempt.recovery_code_used': {
    kind: 'unauthenticated',
    title: 'Recovery code already used',
    detail: 'That recovery code was used before; each works once. Try another one.',
  },
} as const
