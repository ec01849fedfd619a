/** Refusals of the limiter of guesses. */
export const THROTTLE_REFUSALS = {
  'throttle.blocked': { kind: 'throttled', title: 'Too many tries', detail: 'Too many tries. Wait, then try again.' },
} as const
