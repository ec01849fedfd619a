// What an authenticated principal may do, and whether it still may.
import { scopesFor } from '../api-tokens/api-token.ts'
import type { AuthenticatedPrincipal, Scope } from '../../foundation/kernel/principal.ts'

/** Whether a principal may still do all that it could do before, whether or not its request needs it. */
export function isStillAuthorized(before: AuthenticatedPrincipal, present: AuthenticatedPrincipal): boolean {
  const kept = rightsOf(present)
  return rightsOf(before).every((right) => kept.includes(right))
}

/** What the user may do, limited by the scopes of an API token. */
function rightsOf(principal: AuthenticatedPrincipal): readonly Scope[] {
  const rights = scopesFor(principal.user)
  return principal.kind === 'session' ? rights : rights.filter((right) => principal.token.scopes.includes(right))
}
