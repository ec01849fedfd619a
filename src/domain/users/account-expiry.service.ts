// Decides at each access whether the end of an account keeps its user out.
import type { With } from '../../foundation/context.ts'
import type { PrincipalUser } from '../../foundation/kernel/principal.ts'
import { isActingAdmin, isExpired } from './account-expiry.ts'
import { laterAdminExists } from './user.queries.ts'

/**
 * Whether the account has ended. The admin whose account ends last stays: an expired admin is kept out only if another enabled admin with
 * a second factor ends later or never. Only an expired admin costs a query.
 */
export async function isShutOut(
  ctx: With<'db' | 'now'>,
  user: Pick<PrincipalUser, 'id' | 'role' | 'secondFactorAt' | 'disabled' | 'expiresAt'>,
): Promise<boolean> {
  if (user.expiresAt === null || !isExpired(user, ctx.now)) return false
  if (!isActingAdmin(user)) return true
  return laterAdminExists(ctx.db, { id: user.id, end: user.expiresAt })
}

/** Why a user cannot sign in, as events record it. Both have the same answer, so that it does not reveal which one applies. */
export type ShutOutReason = 'disabled' | 'account_expired'

/** Returns why the user cannot sign in; undefined for a user who can. */
export async function whyShutOut(ctx: With<'db' | 'now'>, user: PrincipalUser): Promise<ShutOutReason | undefined> {
  if (user.disabled) return 'disabled'
  return (await isShutOut(ctx, user)) ? 'account_expired' : undefined
}
