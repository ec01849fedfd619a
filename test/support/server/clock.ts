import type { Duration, Instant } from '#foundation/kernel/time.ts'
import { type Clock, type ClockStanding, type Jump, systemClock } from '#foundation/platform/clock.ts'

const NOON: Instant = Date.UTC(2026, 5, 1, 12)

/** The product's clock on a machine whose time stands still until the test moves it. */
export class TestClock implements Clock {
  #wall: Instant
  #passed: Duration = 0
  #shown: Instant | undefined
  readonly #clock: Clock

  constructor(now: Instant = NOON) {
    this.#wall = now
    this.#clock = systemClock(
      () => this.#wall,
      () => this.#passed,
    )
  }

  now(): Instant {
    return this.#shown ?? this.#clock.now()
  }

  /** Shows another moment while the work runs. */
  at<Result>(moment: Instant, work: () => Result): Result {
    this.#shown = moment
    try {
      return work()
    } finally {
      this.#shown = undefined
    }
  }

  standing(): ClockStanding {
    return this.#clock.standing()
  }

  onJump(listen: (jump: Jump) => void): () => void {
    return this.#clock.onJump(listen)
  }

  /** Time passes, on the monotonic clock and the wall clock alike. */
  pass(duration: Duration): void {
    this.#wall += duration
    this.#passed += duration
  }

  /** The wall clock is set forward or back while no time passes; it is read at once, so that the jump is detected. */
  jump(by: Duration): void {
    this.#wall += by
    this.now()
  }
}
