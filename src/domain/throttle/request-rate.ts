import type { With } from '../../foundation/context.ts'
import { Refusal } from '../../foundation/kernel/refusal.ts'

/**
 * Counts one request of the network in its window of a minute; throws `throttle.blocked` with `retryAfter` if the network has made too
 * many. Used for requests that write a row and count in no bucket: passkey options, and refusals of a passkey, which write an event. A
 * passkey counts when it is refused, so that a valid one is never rejected because of other clients in the network.
 */
export function limitRequestRate({ limits, now, principal }: With<'limits' | 'now' | 'principal'>): void {
  const retryAfter = limits.requests.take(principal.source.network, now)
  if (retryAfter !== undefined) throw new Refusal('throttle.blocked', { retryAfter })
}
