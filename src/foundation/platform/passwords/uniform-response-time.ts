// Decides when a refusal is answered, so that its response time does not reveal which users exist or what is stored for them (user
// enumeration). Two floors follow each other: the time of the slowest stored hash, and a grid of points in time.
import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'

import type { Duration } from '#foundation/kernel/time.ts'

/** The timing of one verification. */
export interface HashTiming {
  /** When the verification began, by `performance.now()`. */
  readonly begunAt: number
  /** How many Unicode forms of the password were verified. */
  readonly forms: number
}

/** A stored hash and its cost relative to others. */
export interface CostlyHash {
  readonly stored: string
  readonly cost: number
}

export interface ResponseTimeStats {
  /** Milliseconds from the beginning of a verification to the earliest time at which its refusal may be answered. */
  readonly responseTimeFloor: Duration
  /** Refusals that such a floor applied to. */
  readonly delayed: number
}

/** A verification may take longer on a busy machine than when it was measured. */
const MARGIN = 1.3

/**
 * The first floor, for servers with imported hashes: a refused sign-in takes as long as if the slowest stored hash, measured on this
 * machine, had been verified from the time at which its own verification began. The floor is zero if no hash is slower than new ones. The
 * wait for a worker thread is the same for all users and does not count.
 */
export class UniformResponseTime {
  readonly #measure: (stored: string) => Promise<Duration>
  #floor: Duration = 0
  #slowest = 0
  #measuring: Promise<void> = Promise.resolve()
  #delayed = 0

  constructor(measure: (stored: string) => Promise<Duration>) {
    this.#measure = measure
  }

  stats(): ResponseTimeStats {
    return { responseTimeFloor: this.#floor, delayed: this.#delayed }
  }

  /** Discards the measured floor and measures the costliest of these hashes. Rejects if that fails; the floor is zero then. */
  async calibrate(hashes: readonly CostlyHash[]): Promise<void> {
    this.#floor = 0
    this.#slowest = 0
    const [slowest] = hashes.toSorted((one, other) => other.cost - one.cost)
    if (slowest) await this.#start(slowest)
  }

  /** Measures a hash that is costlier than all measured before; refusals wait for the measurement. */
  observe(hash: CostlyHash): void {
    if (hash.cost > this.#slowest) void settledWithoutError(this.#start(hash))
  }

  /** Resolves when a refusal may be answered. A password with two Unicode forms doubles the floor, whether or not the user exists. */
  async wait({ begunAt, forms }: HashTiming): Promise<void> {
    await this.#measuring
    const left = begunAt + this.#floor * forms - performance.now()
    if (this.#floor > 0) this.#delayed += 1
    // A timer may fire up to a millisecond early.
    if (left > 0) await delay(Math.ceil(left) + 1)
  }

  #start(hash: CostlyHash): Promise<void> {
    this.#slowest = hash.cost
    const measured = this.#raise(hash)
    this.#measuring = settledWithoutError(Promise.all([this.#measuring, measured]))
    return measured
  }

  /** Measurements may end in any order; only that of the costliest hash counts. */
  async #raise({ stored, cost }: CostlyHash): Promise<void> {
    try {
      const took = await this.#measure(stored)
      if (this.#slowest === cost) this.#floor = took * MARGIN
    } catch (error) {
      // The next such hash is measured instead.
      if (this.#slowest === cost) this.#slowest = 0
      throw error
    }
  }
}

/** Resolves when the work has ended. A failure rejects `calibrate()` only; refusals continue with the former floor. */
async function settledWithoutError(work: Promise<unknown>): Promise<void> {
  await work.catch(() => undefined)
}

/** Milliseconds from one point of the grid to the next. */
export const GRID: Duration = 25

/**
 * The second floor, for all refusals: they are answered at the next point of a grid that begins when the whole request has arrived. The
 * timer is set at the arrival, so its points do not depend on the work. A timer set after the work would add whole milliseconds to the
 * work's duration and so reveal its fraction.
 */
export class ResponseGrid {
  #reached: (() => void) | undefined
  readonly #timer

  /** @param step milliseconds from one point to the next */
  constructor(step: Duration) {
    this.#timer = setInterval(() => this.#reached?.(), step)
  }

  /** Resolves at the next point and ends the grid. */
  async nextPoint(): Promise<void> {
    await new Promise<void>((resolve) => (this.#reached = resolve))
    this.end()
  }

  /** Stops the timer, and lets a waiting answer go on; a grid that is not waited for must be ended. */
  end(): void {
    clearInterval(this.#timer)
    this.#reached?.()
  }
}
