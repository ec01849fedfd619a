// Who has a role: counts, and whether there is anyone.
import { listStoredRoles } from '#domain/roles/role.service.ts'
import type { With } from '#foundation/context.ts'
import { countByRole, roleIsHeldBeside } from './role-users.queries.ts'
import { countUsers } from './user-count.service.ts'

/** Returns how many users have each of these roles. Of `user` these are all who have no other role, whatever their rows say. */
export async function countUsersOfRoles(
  ctx: With<'db' | 'now'>,
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const others = names.includes('user') ? ['admin', ...(await listStoredRoles(ctx)).map(({ name }) => name)] : names
  const counted = new Map((await countByRole(ctx.db, others)).map(({ role, count }) => [role, count]))
  if (!names.includes('user')) return counted
  const { counts } = await countUsers(ctx)
  const withOther = [...counted.values()].reduce((sum, count) => sum + count, 0)
  return counted.set('user', Math.max(counts.total - withOther, 0))
}

/** Whether users other than the one with this subject have the role, disabled ones too: it is theirs again once they are enabled. */
export function isRoleHeldByOthers({ db }: With<'db'>, role: string, subject: string | null): Promise<boolean> {
  return roleIsHeldBeside(db, role, subject ?? '')
}
