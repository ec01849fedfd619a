// Protects the users of a group or a role that a policy names: leaving it would weaken the second factor of the user who leaves, and joining
// it changes how a user signs in.
import { mayManage } from '#domain/roles/role.ts'
import { staleAuthentication } from '#domain/sessions/reauthentication.ts'
import type { With } from '#foundation/context.ts'
import { permissionsOf, type PrincipalUser } from '#foundation/kernel/principal.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { type PolicyScope, scopeKey } from '../scope.ts'
import { selectVersionsNaming } from './named-scope.queries.ts'
import { namesOfPolicies } from './named-scope.ts'

/** What users leave: a group, by its id, or a role, by its name. */
type NamedScope = Exclude<PolicyScope, 'everyone'>

/** Returns the names of the policies that name the group or the role, now or from a later instant on. */
export async function policiesNaming(
  { db, now }: With<'db' | 'now'>,
  scope: NamedScope,
  ref: string,
): Promise<string[]> {
  return namesOfPolicies(await selectVersionsNaming(db, scopeKey(scope, ref)), now)
}

/**
 * Throws unless the principal may let a user leave the group or the role: `group.policy_needed` or `role.policy_needed` for one that a policy
 * names, if the principal lacks `policy:write`; and then without recent authentication `access.reauthentication_required`.
 */
export async function requireReducible(
  ctx: With<'db' | 'now' | 'principal' | 'config'>,
  scope: NamedScope,
  ref: string,
): Promise<void> {
  if ((await policiesNaming(ctx, scope, ref)).length === 0) return
  if (!permissionsOf(ctx.principal).includes('policy:write')) throw new Refusal(`${scope}.policy_needed`)
  const stale = staleAuthentication(ctx.principal, ctx.now, ctx.config.reauthenticationLifetime)
  if (stale !== undefined) throw stale
}

/**
 * Throws `role.beyond_own` for a user who may do more than the principal, if a policy names the group: to join it can end the sessions of the
 * user, and asks for the enrolment of another second factor.
 */
export async function requireJoinable(
  ctx: With<'db' | 'now' | 'principal'>,
  groupId: string,
  { rolePermissions }: Pick<PrincipalUser, 'rolePermissions'>,
): Promise<void> {
  if (mayManage(permissionsOf(ctx.principal), rolePermissions)) return
  if ((await policiesNaming(ctx, 'group', groupId)).length > 0) throw new Refusal('role.beyond_own')
}

/** Throws `group.named_by_policy` for a group that a policy names, which is locked: it cannot be deleted. */
export async function requireUnnamed(ctx: With<'db' | 'now'>, groupId: string): Promise<void> {
  if ((await policiesNaming(ctx, 'group', groupId)).length > 0) throw new Refusal('group.named_by_policy')
}
