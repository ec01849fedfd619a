import type { Duration } from '../kernel/time.ts'

/** Handed to what waits, so that tests can let the time pass. */
export interface Timers {
  /** Calls `work` once after the delay, until the returned function is called. */
  after(delay: Duration, work: () => void): () => void
}

/** Timers that do not keep the process alive. */
export const SYSTEM_TIMERS: Timers = {
  after(delay, work) {
    const timer = setTimeout(work, delay).unref()
    return () => clearTimeout(timer)
  },
}
