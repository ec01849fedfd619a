// Lifts the review of a user who was reported with "This wasn't me".
import type { ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { type DueReview, dueReview, endReview, reportsAbout } from '#domain/notices/review.service.ts'
import { isPrivileged } from '#domain/roles/role.ts'
import type { User } from '#domain/users/user.ts'
import type { With } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { readUser, recordAbout, requireOtherUser, type UserRef, withTargetUser } from '../access/access.service.ts'
import { requireApproval } from '../access/approval-gate.service.ts'

/** Returns the user's review, and whether they can end it by any sign-in; undefined where none is due. */
export async function reviewOf(ctx: With<'db' | 'now' | 'config'>, user: User): Promise<DueReview | undefined> {
  return user.reviewRequiredAt === null ? undefined : dueReview(ctx, user)
}

/** Returns the same. Throws `user.not_found`. */
export async function readUserReview(ctx: With<'db' | 'now' | 'config'>, ref: UserRef): Promise<DueReview | undefined> {
  return reviewOf(ctx, await readUser(ctx, ref))
}

/** Ends the review, so that the next sign-in starts a session. Throws `user.not_found`, `user.own_account`, `account.no_review`. */
export function liftReview(ctx: ChangeDeps, ref: UserRef): Promise<User> {
  return withTargetUser(ctx, ref, 'review.lifted', async (tx, user) => {
    requireOtherUser(tx.principal, user)
    if (user.reviewRequiredAt === null) throw new Refusal('account.no_review')
    if (isPrivileged(user)) await requireApproval(tx, { kind: 'lift-review', values: {} }, user)
    const reports = await reportsAbout(tx, user)
    const lifted = await endReview(tx, user, {})
    await recordAbout(tx, user, 'review.lifted', { notices: reports.map(({ kind }) => kind).join(' ') })
    return lifted
  })
}
