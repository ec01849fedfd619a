import { scopesFor } from '../../api-tokens/api-token.ts'
import type { CallerUser, Scope } from '../../kernel/caller.ts'

/** Scopes that no route takes, as each of theirs asks for a proof or is still to come: they would open nothing. */
const WITHOUT_ROUTE: readonly Scope[] = ['users:reset-factors', 'policy:write']

/** What the page offers this person for a token. */
export function offeredScopes(user: CallerUser): readonly Scope[] {
  return scopesFor(user).filter((scope) => !WITHOUT_ROUTE.includes(scope))
}
