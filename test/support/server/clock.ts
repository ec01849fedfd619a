import type { Duration, Instant } from '../../../src/foundation/kernel/time.ts'
import { systemClock } from '../../../src/foundation/platform/clock.ts'
import type { Clock, ClockStanding, Jump } from '../../../src/foundation/platform/clock.ts'

const NOON: Instant = Date.UTC(2026, 5, 1, 12)

/** The product's clock over a machine whose time stands still until the test moves it. */
export class TestClock implements Clock {
  #wall: Instant
  #passed: Duration = 0
  readonly #clock: Clock

  constructor(now: Instant = NOON) {
    this.#wall = now
    this.#clock = systemClock(
      () => this.#wall,
      () => this.#passed,
    )
  }

  now(): Instant {
    return this.#clock.now()
  }

  standing(): ClockStanding {
    return this.#clock.standing()
  }

  onJump(listen: (jump: Jump) => void): () => void {
    return this.#clock.onJump(listen)
  }

  /** Time passes, and the machine's clock with it. */
  pass(duration: Duration): void {
    this.#wall += duration
    this.#passed += duration
  }

  /** The machine's clock is set ahead, or back, while no time passes; somebody reads it at once. */
  jump(by: Duration): void {
    this.#wall += by
    this.now()
  }
}
