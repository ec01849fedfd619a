// The review that "This wasn't me" asks for: the user's sessions end, and the next complete sign-in leads to the review page.
//
//   notice ──"This wasn't me"──►  review due  ──┬──  the user reviews: new password, factors removed  ──►  ended
//                                               └──  an admin or the operator lifts it                ──►  ended
import { revokeApiTokensOf } from '../api-tokens/api-token.service.ts'
import { recordEvent } from '../audit/audit.service.ts'
import type { With } from '../../foundation/context.ts'
import type { FactorKind } from '../factors/factor-kind.ts'
import { endSessionsOf } from '../sessions/session.service.ts'
import type { User } from '../users/user.ts'
import { updateUser } from '../users/user.service.ts'
import type { UserChanges } from '../users/user-changes.ts'
import { reviewedBy } from './notice.ts'
import type { Notice, ReviewedBy } from './notice.ts'
import { deleteReports, markReported, selectLatestChanges, selectNotice, selectReports } from './notice.queries.ts'

type Deps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>

/** Returns a notice of the user; undefined if its review has ended, or it was deleted. */
export function findNotice(ctx: With<'db'>, subject: string, id: string): Promise<Notice | undefined> {
  return selectNotice(ctx.db, subject, id)
}

/**
 * Ends the user's sessions, API tokens, sign-in attempts and device cookies, and asks for a review because of this notice. Call it in the
 * transaction that consumes the link. Throws `user.stale`.
 */
export async function requireReview(ctx: Deps, user: User, notice: Notice): Promise<void> {
  await markReported(ctx.db, notice.id, ctx.now)
  await updateUser(ctx, user, { reviewRequiredAt: ctx.now }, { bumpEpoch: true })
  const sessions = await endSessionsOf(ctx, user.subject)
  const apiTokens = await revokeApiTokensOf(ctx, user.subject)
  const { subject: target, username } = user
  const details = { username, notice: notice.kind, sessions, api_tokens: apiTokens }
  await recordEvent(ctx, { action: 'review.required', target, details })
}

export interface DueReview {
  readonly reports: readonly Notice[]
  /** Who may end it, for a sign-in with these factors. */
  readonly by: ReviewedBy
}

/** Returns what the review of this user is about, and who may end it for a sign-in with these factors. */
export async function dueReview(
  ctx: With<'db'>,
  { subject }: Pick<User, 'subject'>,
  methods: readonly FactorKind[],
): Promise<DueReview> {
  const reports = await selectReports(ctx.db, subject)
  return { reports, by: reviewedBy(reports, await selectLatestChanges(ctx.db, subject), methods) }
}

/** Ends the review with further changes of the user; returns the user as written. Throws `user.stale`. */
export async function endReview(
  ctx: With<'db' | 'now'>,
  user: User,
  changes: UserChanges,
  options?: { readonly bumpEpoch?: boolean },
): Promise<User> {
  const changed = await updateUser(ctx, user, { ...changes, reviewRequiredAt: null }, options)
  await deleteReports(ctx.db, user.subject)
  return changed
}
