/** What the limiter of guesses refuses. */
export const THROTTLE_REFUSALS = {
  'throttle.blocked': { kind: 'throttled', title: 'Too many tries', detail: 'Too many tries. Wait, then try again.' },
} as const
