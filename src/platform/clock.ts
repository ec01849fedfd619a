import type { Instant } from '../kernel/time.ts'

/** Tells the time; handed to whatever needs it, so that tests can move it. */
export interface Clock {
  /** Never earlier than the answer before it. */
  now(): Instant
}

/**
 * The machine's clock, which may be set back by an operator or by NTP: then this one stands still until the machine's
 * has caught up, so that a lifetime or a used step is never judged by a moment that came before it.
 */
export function systemClock(read: () => Instant = Date.now): Clock {
  let latest = 0
  return {
    now() {
      latest = Math.max(latest, Math.floor(read()))
      return latest
    },
  }
}
