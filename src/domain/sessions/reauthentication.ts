import type { Principal } from '../../foundation/kernel/principal.ts'
import { Refusal } from '../../foundation/kernel/refusal.ts'
import { meetsAccountAssurance } from '../../foundation/kernel/assurance.ts'
import type { Duration, Instant } from '../../foundation/kernel/time.ts'
import { authenticatedRecently } from './session.ts'

/**
 * Why the caller must prove who they are again before something sensitive, or undefined when their last proof is recent
 * and as strong as their account can give: a weaker way in must not open what the stronger one guards. The operator is at the machine itself; with an API token nothing can be proven.
 */
export function staleAuthentication(principal: Principal, now: Instant, lifetime: Duration): Refusal | undefined {
  if (principal.kind === 'operator') return undefined
  if (principal.kind === 'signed-in' && principal.session.transport === 'token')
    return new Refusal('access.session_required')
  const maxAge = Math.floor(lifetime / 1000)
  if (principal.kind !== 'signed-in' || !authenticatedRecently(principal.session, now, lifetime))
    return new Refusal('access.reauthentication_required', { maxAge })
  const full = meetsAccountAssurance(principal.session.authenticationMethods, principal.user)
  return full ? undefined : new Refusal('access.stronger_authentication_required', { maxAge })
}
