import type { Duration, Instant } from '../../src/kernel/time.ts'
import type { Clock } from '../../src/platform/clock.ts'

const NOON: Instant = Date.UTC(2026, 5, 1, 12)

/** A clock that stands still until the test moves it. */
export class TestClock implements Clock {
  #now: Instant

  constructor(now: Instant = NOON) {
    this.#now = now
  }

  now(): Instant {
    return this.#now
  }

  pass(duration: Duration): void {
    this.#now += duration
  }
}
