import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'

import type { Duration } from '../../kernel/time.ts'
import { holdByChance } from './response-jitter.ts'

/** What a refusal's own hash was like. */
export interface LookedAt {
  /** When it was begun, by `performance.now()`. */
  readonly begunAt: number
  /** How many forms of the password were compared. */
  readonly forms: number
}

/** A stored hash, and how it compares in cost with others. */
export interface CostlyHash {
  readonly stored: string
  readonly cost: number
}

/** Room for a measurement on a quiet machine to hold on a busy one. */
const MARGIN = 1.3

/**
 * When a refused sign-in is answered: as late as if the slowest stored hash, measured on this machine, had been begun at the
 * moment when its own was; at once where no hash is slower than ours; and in either case a little later, by chance. Whoever
 * had to wait for a worker waited as long as everybody else, so that does not count.
 */
export class RefusalDeadline {
  readonly #measure: (stored: string) => Promise<Duration>
  #deadline: Duration = 0
  #dearest = 0
  #measuring: Promise<void> = Promise.resolve()
  #held = 0

  constructor(measure: (stored: string) => Promise<Duration>) {
    this.#measure = measure
  }

  /** Milliseconds from the moment a hash is begun to the one when `settle()` resolves, but for what chance adds. */
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

  /** A password that must be tried in two forms takes twice as long for everyone. */
  async settle({ begunAt, forms }: LookedAt): Promise<void> {
    await this.#measuring
    const left = begunAt + this.#deadline * forms - performance.now()
    if (this.#deadline > 0) this.#held += 1
    // A timer may go off up to a millisecond early.
    if (left > 0) await delay(Math.ceil(left) + 1)
    await holdByChance()
  }

  #start(hash: CostlyHash): Promise<void> {
    this.#dearest = hash.cost
    const measured = this.#raise(hash)
    this.#measuring = quietly(Promise.all([this.#measuring, measured]))
    return measured
  }

  /** A costlier one may have been met while this one was measured; only the costliest counts. */
  async #raise({ stored, cost }: CostlyHash): Promise<void> {
    try {
      const took = await this.#measure(stored)
      if (this.#dearest === cost) this.#deadline = took * MARGIN
    } catch (error) {
      // The next one that comes along is measured instead.
      if (this.#dearest === cost) this.#dearest = 0
      throw error
    }
  }
}

/** A measurement that failed is told to whoever asked for it; the others go on with the former deadline. */
async function quietly(work: Promise<unknown>): Promise<void> {
  await work.catch(() => undefined)
}
