import type { With } from '../../foundation/context.ts'
import { Refusal } from '../../foundation/kernel/refusal.ts'

/**
 * Counts one of the requests that a network may make in a minute; throws `throttle.blocked` with `retryAfter` if it has made too many.
 * For requests that leave a row behind and are counted in no bucket: passkey options, and each refusal of a passkey, which is an
 * event. A passkey is counted when it is refused, so that a valid one is never rejected because of others in the network.
 */
export function limitRequestRate({ limits, now, principal }: With<'limits' | 'now' | 'principal'>): void {
  const retryAfter = limits.requests.take(principal.source.network, now)
  if (retryAfter !== undefined) throw new Refusal('throttle.blocked', { retryAfter })
}
