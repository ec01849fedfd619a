import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'

import type { Duration } from '../kernel/time.ts'
import { holdByChance } from './hold.ts'

/** A deadline counted from the moment it was made, so that every refusal takes equally long. */
export interface Pace {
  settle(): Promise<void>
}

/** A stored hash, and how it compares in cost with others. */
export interface CostlyHash {
  readonly stored: string
  readonly cost: number
}

/** Room for a measurement on a quiet machine to hold on a busy one. */
const MARGIN = 1.3

/**
 * When a refused sign-in is answered: as late as one against the slowest stored hash would be, measured on this machine;
 * at once where no hash is slower than our own; and in either case a little later, by chance.
 */
export class RefusalDeadline {
  readonly #measureOwn: () => Promise<Duration>
  readonly #measure: (stored: string) => Promise<Duration>
  #deadline: Duration = 0
  #dearest = 0
  #measuring: Promise<void> = Promise.resolve()
  #held = 0

  constructor(measure: (stored: string) => Promise<Duration>, own: string) {
    this.#measure = measure
    this.#measureOwn = () => measure(own)
  }

  /** Milliseconds from a `pace()` to the moment its `settle()` resolves, but for what chance adds. */
  get length(): Duration {
    return this.#deadline
  }

  /** Refusals that had a moment to wait for. */
  get held(): number {
    return this.#held
  }

  /** Forgets what was measured and measures the costliest of these. */
  async expect(hashes: readonly CostlyHash[]): Promise<void> {
    this.#deadline = 0
    this.#dearest = 0
    const [dearest] = hashes.toSorted((one, other) => other.cost - one.cost)
    if (dearest) await this.#start(dearest)
  }

  /** Measures a hash that is costlier than all met before; whoever settles waits for that. */
  meet(hash: CostlyHash): void {
    if (hash.cost > this.#dearest) void quietly(this.#start(hash))
  }

  /** `tries` is how many forms of the password are compared. */
  pace(tries: number): Pace {
    const start = performance.now()
    const settle = async (): Promise<void> => {
      await this.#measuring
      const left = start + this.#deadline * tries - performance.now()
      if (this.#deadline > 0) this.#held += 1
      // A timer may go off up to a millisecond early.
      if (left > 0) await delay(Math.ceil(left) + 1)
      await holdByChance()
    }
    return { settle }
  }

  #start(hash: CostlyHash): Promise<void> {
    this.#dearest = hash.cost
    const measured = this.#raise(hash.stored)
    this.#measuring = quietly(measured)
    return measured
  }

  async #raise(stored: string): Promise<void> {
    try {
      const own = await this.#measureOwn()
      this.#deadline = (await this.#measure(stored)) * MARGIN + own
    } catch (error) {
      // The next one that comes along is measured instead.
      this.#dearest = 0
      throw error
    }
  }
}

/** A measurement that failed is told to whoever asked for it; the others go on with the former deadline. */
async function quietly(work: Promise<void>): Promise<void> {
  await work.catch(() => undefined)
}
