// What a caller may do, and whether they still may.
import { scopesFor } from '../api-tokens/api-token.ts'
import type { Scope, AuthenticatedPrincipal } from '../../foundation/kernel/principal.ts'

type Holder = Pick<AuthenticatedPrincipal, 'user' | 'session'>

/** Whether a caller may no longer do something that they could do before, whether or not their request needs it. */
export function rightsLost(before: Holder, present: Holder): boolean {
  const kept = rightsOf(present)
  return rightsOf(before).some((right) => !kept.includes(right))
}

/** What the user may do, limited by the scopes of an API token. */
function rightsOf({ user, session: { scopes } }: Holder): readonly Scope[] {
  return scopesFor(user).filter((right) => scopes === null || scopes.includes(right))
}
