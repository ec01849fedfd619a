import type { Caller } from '../kernel/caller.ts'
import { Refusal } from '../kernel/refusal.ts'
import { meetsAccountAssurance } from '../kernel/strength.ts'
import type { Duration, Instant } from '../kernel/time.ts'
import { provenRecently } from './session.ts'

/**
 * Why the caller must prove who they are again before something sensitive, or undefined when their last proof is recent
 * and as strong as their account can give: a weaker way in must not open what the stronger one guards. The operator is at the machine itself; with an API token nothing can be proven.
 */
export function staleProof(caller: Caller, now: Instant, lifetime: Duration): Refusal | undefined {
  if (caller.kind === 'operator') return undefined
  if (caller.kind === 'signed-in' && caller.session.carrier === 'token') return new Refusal('access.token_not_enough')
  const maxAge = Math.floor(lifetime / 1000)
  if (caller.kind !== 'signed-in' || !provenRecently(caller.session, now, lifetime))
    return new Refusal('access.proof_needed', { maxAge })
  const full = meetsAccountAssurance(caller.session.authenticationMethods, caller.user)
  return full ? undefined : new Refusal('access.stronger_proof_needed', { maxAge })
}
