import type { With } from '#foundation/context.ts'
import type { PrincipalUser } from '#foundation/kernel/principal.ts'
import { otherAdminExists } from './acting-admins.queries.ts'

/** Whether no other user has an admin's permissions, so that only the operator could help this one. */
export async function isLastAdmin(ctx: With<'db'>, user: Pick<PrincipalUser, 'id' | 'role'>): Promise<boolean> {
  return user.role === 'admin' && !(await otherAdminExists(ctx.db, user.id))
}
