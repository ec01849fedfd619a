// Decides at each access whether the end of an account keeps its user out.
import type { With } from '#foundation/context.ts'
import type { PrincipalUser } from '#foundation/kernel/principal.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { isActingAdmin, isExpired, type ShutOutReason } from './account-expiry.ts'
import { laterAdminExists, selectKeptAdmin } from './acting-admins.queries.ts'
import * as notices from './expiry-notice.queries.ts'
import type { DueNotices } from './expiry-notice.queries.ts'
import type { User } from './user.ts'

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

/** Returns why the user cannot sign in; undefined for a user who can. */
export async function whyShutOut(ctx: With<'db' | 'now'>, user: PrincipalUser): Promise<ShutOutReason | undefined> {
  if (user.disabled) return 'disabled'
  return (await isShutOut(ctx, user)) ? 'account_expired' : undefined
}

export type { ExpiryPosition } from './expiry-notice.queries.ts'

/** Returns users to whom a notice is due, in the order in which they expire. */
export function usersDueForNotice(ctx: With<'db'>, due: DueNotices): Promise<User[]> {
  return notices.selectDueNotices(ctx.db, due)
}

/** Stores that a notice is given; false if another node has stored it, or if the end was changed since. */
export function markNoticeGiven(
  ctx: With<'db'>,
  notice: { readonly id: number; readonly end: Instant; readonly stage: number },
): Promise<boolean> {
  return notices.markNotice(ctx.db, notice)
}

/** Whether the account has ended, but the notice of that, and with it `user.expired`, is still to come. */
export async function isEndUnnoticed(ctx: With<'db' | 'now'>, subject: string): Promise<boolean> {
  const user = await notices.selectEndUnnoticed(ctx.db, subject, ctx.now)
  // The last admin stays, and is given no notice.
  return user !== undefined && isShutOut(ctx, user)
}

/** Returns the id of the admin who stays although their account has ended; undefined if there is none. */
export function keptAdmin(ctx: With<'db' | 'now'>): Promise<number | undefined> {
  return selectKeptAdmin(ctx.db, ctx.now)
}
