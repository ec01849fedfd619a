// How often one network may ask for what writes a row and proves nothing; in memory only, each process for itself.
import type { With } from '../context.ts'
import { Refusal } from '../kernel/refusal.ts'
import { isWithin, minutes } from '../kernel/time.ts'
import type { Instant } from '../kernel/time.ts'
import type { Database } from '../platform/database/schema.ts'

const WINDOW = minutes(1)
const MOST_IN_A_WINDOW = 120
const MOST_NETWORKS = 10_000

interface Window {
  readonly from: Instant
  count: number
}

const rates = new WeakMap<Database, FixedWindowLimiter>()

/**
 * Takes one of the requests that the caller's network may make in a minute; refuses with `throttle.blocked` when there is
 * none left. For what leaves a row behind and draws from no budget: options for anybody, and each refusal of a passkey,
 * which is an event. Taken when it is refused, so that a passkey that is right is not kept out by others in the network.
 */
export function limitRequestRate({ db, now, caller }: With<'db' | 'now' | 'caller'>): void {
  const rate = rates.get(db) ?? new FixedWindowLimiter()
  rates.set(db, rate)
  const retryAfter = rate.take(caller.origin.network, now)
  if (retryAfter !== undefined) throw new Refusal('throttle.blocked', { retryAfter })
}

/** Counts requests by network. */
export class FixedWindowLimiter {
  readonly #windows = new Map<string, Window>()

  /** Undefined where one more is fine; else the whole seconds to wait. */
  take(network: string, now: Instant): number | undefined {
    const known = this.#windows.get(network)
    if (known !== undefined && isWithin(WINDOW, known.from, now)) {
      if (known.count >= MOST_IN_A_WINDOW) return Math.max(1, Math.ceil((known.from + WINDOW - now) / 1000))
      known.count += 1
      return undefined
    }
    // Put at the end again, so that the one dropped for lack of room is the one not seen for longest.
    this.#windows.delete(network)
    this.#windows.set(network, { from: now, count: 1 })
    if (this.#windows.size > MOST_NETWORKS) this.#windows.delete(this.#windows.keys().next().value ?? network)
    return undefined
  }
}
