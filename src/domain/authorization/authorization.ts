// Compares the rights of an authenticated principal at the start of a request with its present ones.
import { scopesFor } from '../api-tokens/api-token.ts'
import type { AuthenticatedPrincipal, Scope } from '../../foundation/kernel/principal.ts'

/** Whether a principal still has each right that it had before, also those that its request does not need. */
export function isStillAuthorized(before: AuthenticatedPrincipal, present: AuthenticatedPrincipal): boolean {
  const kept = rightsOf(present)
  return rightsOf(before).every((right) => kept.includes(right))
}

/** Returns the rights of the user, limited to the scopes of an API token. */
function rightsOf(principal: AuthenticatedPrincipal): readonly Scope[] {
  const rights = scopesFor(principal.user)
  return principal.kind === 'session' ? rights : rights.filter((right) => principal.token.scopes.includes(right))
}
