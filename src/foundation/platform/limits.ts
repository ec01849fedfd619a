// Counters in memory, because a flood of requests must not cause writes to the database. Each process counts for itself.
import { type Instant, isWithin, minutes } from '#foundation/kernel/time.ts'

const WINDOW = minutes(1)
const MOST_IN_A_WINDOW = 120
/** In the morning many users come from one app, and all from one IP address. */
const MOST_INTERACTIONS = 600
const MOST_KEYS = 10_000
const MOST_STRENGTH_REQUESTS = 30

export interface Limits {
  /** Requests by network. */
  readonly requests: FixedWindowLimiter
  /** Authorizations of apps that wait for their user, by network. */
  readonly interactions: FixedWindowLimiter
  /** Guesses that were rejected while a bucket was blocked, by the key of the bucket. */
  readonly blockedGuesses: BlockedGuesses
  /** Requests for the strength of a password, by the session or link of the page. */
  readonly strengthRequests: Allowance
}

/** New counters, all of them 0. */
export function newLimits(): Limits {
  return {
    requests: new FixedWindowLimiter(),
    interactions: new FixedWindowLimiter(MOST_INTERACTIONS),
    blockedGuesses: new BlockedGuesses(),
    strengthRequests: new Allowance(MOST_STRENGTH_REQUESTS),
  }
}

/** Fixed-window rate limiter: a window of one minute begins with the first request of a key. */
export class FixedWindowLimiter {
  readonly #most: number
  readonly #windows = new Map<string, { readonly from: Instant; count: number }>()

  constructor(most = MOST_IN_A_WINDOW) {
    this.#most = most
  }

  /** Counts one more request; returns undefined if it is allowed, else the whole seconds to wait. */
  take(key: string, now: Instant): number | undefined {
    const known = this.#windows.get(key)
    if (known === undefined || !isWithin(WINDOW, known.from, now)) putLast(this.#windows, key, { from: now, count: 1 })
    else if (known.count < this.#most) known.count += 1
    else return Math.max(1, Math.ceil((known.from + WINDOW - now) / 1000))
    return undefined
  }
}

/** Allows each key a number of uses, however long they take. */
export class Allowance {
  readonly #most: number
  readonly #used = new Map<string, number>()

  constructor(most: number) {
    this.#most = most
  }

  /** Counts one more use; returns false when there are none left. */
  take(key: string): boolean {
    const used = this.#used.get(key) ?? 0
    if (used >= this.#most) return false
    putLast(this.#used, key, used + 1)
    return true
  }
}

/** Counts of rejected guesses by bucket, until they are cleared. */
export class BlockedGuesses {
  readonly #counts = new Map<string, number>()

  get size(): number {
    return this.#counts.size
  }

  /** The count of one bucket; undefined if it is 0. */
  get(key: string): number | undefined {
    return this.#counts.get(key)
  }

  count(key: string): void {
    putLast(this.#counts, key, (this.#counts.get(key) ?? 0) + 1)
  }

  clear(keys: readonly string[]): void {
    for (const key of keys) this.#counts.delete(key)
  }
}

/** Keeps the newest `MOST_KEYS` keys: a key that is put again becomes the newest. */
function putLast<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > MOST_KEYS && oldest !== undefined) map.delete(oldest)
}
