// Protects the groups that policies name: leaving such a group would weaken the second factor of the user who leaves.
import { permissionsOf } from '../../foundation/kernel/principal.ts'
import { Refusal } from '../../foundation/kernel/refusal.ts'
import type { With } from '../../foundation/context.ts'
import { staleAuthentication } from '../sessions/reauthentication.ts'
import type { Group } from '../groups/group.ts'
import { namesOfPolicies } from './named-groups.ts'
import { selectVersionsNamingGroup } from './named-groups.queries.ts'

/** Returns the names of the policies that name the group, now or from a later instant on. */
export async function policiesNaming({ db, now }: With<'db' | 'now'>, groupId: string): Promise<string[]> {
  return namesOfPolicies(await selectVersionsNamingGroup(db, groupId), now)
}

/**
 * Throws unless the principal may remove a member of the group, which is held: `group.policy_needed` for a group that a policy names, if
 * the principal lacks `policy:write`; and then without recent authentication `access.reauthentication_required`.
 */
export async function requireReducible(
  ctx: With<'db' | 'now' | 'principal' | 'config'>,
  { id }: Pick<Group, 'id'>,
): Promise<void> {
  if ((await policiesNaming(ctx, id)).length === 0) return
  if (!permissionsOf(ctx.principal).includes('policy:write')) throw new Refusal('group.policy_needed')
  const stale = staleAuthentication(ctx.principal, ctx.now, ctx.config.reauthenticationLifetime)
  if (stale !== undefined) throw stale
}

/** Throws `group.named_by_policy` for a group that a policy names, which is locked: it cannot be deleted. */
export async function requireUnnamed(ctx: With<'db' | 'now'>, { id }: Pick<Group, 'id'>): Promise<void> {
  if ((await policiesNaming(ctx, id)).length > 0) throw new Refusal('group.named_by_policy')
}
