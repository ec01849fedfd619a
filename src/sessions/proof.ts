import type { Caller } from '../kernel/caller.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Duration, Instant } from '../kernel/time.ts'
import { provenRecently } from './session.ts'

/**
 * Why the caller must prove password and second factor again before something sensitive, or undefined when their last
 * proof counts as recent. The operator is at the machine itself.
 */
export function staleProof(caller: Caller, now: Instant, lifetime: Duration): Refusal | undefined {
  if (caller.kind === 'operator') return undefined
  if (caller.kind === 'signed-in' && provenRecently(caller.session, now, lifetime)) return undefined
  return new Refusal('access.proof_needed', { maxAge: Math.floor(lifetime / 1000) })
}
