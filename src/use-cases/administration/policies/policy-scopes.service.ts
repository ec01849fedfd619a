// The scopes of policies, by the names that people know.
import type { Scoped } from '#domain/policies/scope.ts'
import type { With } from '#foundation/context.ts'
import { BUILT_IN_ROLES } from '#foundation/kernel/principal.ts'
import { type NamedGroup, selectGroupNames, selectNamedGroups, selectRoleNames } from './policy-scopes.view.ts'

/** Returns a scope with the name of the role or group. */
export async function withScopeName(ctx: With<'db'>, { scope, scopeRef }: Scoped) {
  const [group] = scope === 'group' && scopeRef !== null ? await selectGroupNames(ctx.db, [scopeRef]) : []
  return { scope, scopeRef, scopeName: group?.name ?? scopeRef }
}

/** The roles and groups among which the scope of a new policy is chosen. */
export interface ScopeChoices {
  readonly roles: readonly string[]
  readonly groups: readonly NamedGroup[]
}

/** Returns the roles and groups that can be the scope of a policy. */
export async function listScopeChoices({ db }: With<'db'>): Promise<ScopeChoices> {
  return { roles: [...BUILT_IN_ROLES, ...(await selectRoleNames(db))], groups: await selectNamedGroups(db) }
}
