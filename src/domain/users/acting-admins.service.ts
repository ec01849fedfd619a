// The users who have an admin's permissions: enabled and with a second factor. One of them stays.
import type { InTransaction, With } from '#foundation/context.ts'
import type { PrincipalUser } from '#foundation/kernel/principal.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { lockFor } from '#foundation/platform/database/lock.ts'
import { isActingAdmin } from './account-expiry.ts'
import { otherAdminExists, selectActingAdmins, selectActingHolders } from './acting-admins.queries.ts'
import { userFromRow } from './user-row.ts'
import type { User } from './user.ts'

/** The id of no user. */
const NO_USER = -1

/**
 * Throws `user.last_admin` if no other user has an admin's permissions: now, or for an account that shall end at `until`, at that instant.
 * An admin whose account has ended is not missed if that of another one ends later. The transaction is the one that removes the role, the
 * user or the second factor, or sets the end; it keeps a lock until it ends, so that two admins cannot remove each other in parallel (write
 * skew).
 */
export async function requireOtherAdmin(
  ctx: InTransaction<With<'db' | 'now'>>,
  user: PrincipalUser,
  until: Instant = Math.min(ctx.now, user.expiresAt ?? ctx.now),
): Promise<void> {
  if (!isActingAdmin(user)) return
  await lockFor(ctx.db, 'admins')
  if (!(await otherAdminExists(ctx.db, user.id, until))) throw new Refusal('user.last_admin')
}

/** Whether a user has an admin's permissions: enabled and with a second factor. One of them stays, however their accounts end. */
export function actingAdminExists(ctx: With<'db'>): Promise<boolean> {
  return otherAdminExists(ctx.db, NO_USER)
}

/** Returns the users with an admin's permissions. */
export async function findActingAdmins(ctx: With<'db' | 'now'>): Promise<User[]> {
  return (await selectActingAdmins(ctx.db, ctx.now)).map(userFromRow)
}

/** Returns at most `most` users with one of these roles who may use its permissions now, admins first. */
export async function findActingHolders(
  ctx: With<'db' | 'now'>,
  wanted: { readonly roles: readonly string[]; readonly most: number },
): Promise<User[]> {
  return (await selectActingHolders(ctx.db, ctx.now, wanted)).map(userFromRow)
}

/** Returns the admins who can be notified by mail: those who may act, with a verified email. */
export async function reachableAdmins(
  ctx: With<'db' | 'now'>,
): Promise<readonly (User & { readonly email: string })[]> {
  const admins = await findActingAdmins(ctx)
  return admins.flatMap((admin) =>
    admin.email === null || admin.emailVerifiedAt === null ? [] : [{ ...admin, email: admin.email }],
  )
}
