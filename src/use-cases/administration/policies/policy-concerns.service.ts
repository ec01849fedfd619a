// Whom policies concern, by the names that people know.
import type { Concern } from '#domain/policies/store/policy-validity.service.ts'
import type { With } from '#foundation/context.ts'
import { BUILT_IN_ROLES } from '#foundation/kernel/principal.ts'
import { type NamedGroup, selectGroupNames, selectNamedGroups, selectRoleNames } from './policy-scopes.view.ts'

/** Returns whom a policy concerns, with the name of the role or group. */
export async function concernOfNew(ctx: With<'db'>, { scope, scopeRef }: Concern) {
  const [group] = scope === 'group' && scopeRef !== null ? await selectGroupNames(ctx.db, [scopeRef]) : []
  return { scope, scopeRef, scopeName: group?.name ?? scopeRef }
}

/** Whom a new policy can concern. */
export interface PolicyConcerns {
  readonly roles: readonly string[]
  readonly groups: readonly NamedGroup[]
}

/** Returns the roles and groups that a policy can concern. */
export async function listConcerns({ db }: With<'db'>): Promise<PolicyConcerns> {
  return { roles: [...BUILT_IN_ROLES, ...(await selectRoleNames(db))], groups: await selectNamedGroups(db) }
}
