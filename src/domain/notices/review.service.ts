// The review that "This wasn't me" asks for: the user's sessions end, and the next complete sign-in leads to the review page.
//
//   notice ──"This wasn't me"──►  review due  ──┬──  the user reviews: new password, factors removed  ──►  ended
//                                               └──  an admin or the operator lifts it                ──►  ended
import { revokeApiTokensOf } from '#domain/api-tokens/api-token.service.ts'
import { recordEvent } from '#domain/audit/audit.service.ts'
import type { FactorKind, SecondFactorKind } from '#domain/factors/factor-kind.ts'
import { canHavePasskeys } from '#domain/factors/passkeys/relying-party.ts'
import { secondFactorsOf } from '#domain/factors/second-factor.service.ts'
import { offeredKinds } from '#domain/policies/evaluation/sufficient-factors.ts'
import { userPolicy } from '#domain/policies/evaluation/user-policy.service.ts'
import { endSessionsOf } from '#domain/sessions/session.service.ts'
import type { UserChanges } from '#domain/users/user-changes.ts'
import { updateUser } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import { clearReports, markReported, selectChangesFrom, selectNotice, selectReports } from './notice.queries.ts'
import { type Notice, passingFactors, type ReviewedBy, reviewedBy } from './notice.ts'

type Deps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>

/** Returns a notice of the user; undefined if it was deleted. */
export function findNotice(ctx: With<'db'>, subject: string, id: string): Promise<Notice | undefined> {
  return selectNotice(ctx.db, subject, id)
}

/**
 * Ends the user's sessions, API tokens, sign-in attempts and device cookies, and asks for a review because of this notice. Throws
 * `LostUpdate`.
 */
export async function requireReview(ctx: InTransaction<Deps>, user: User, notice: Notice): Promise<void> {
  await markReported(ctx.db, notice.id, ctx.now)
  await updateUser(ctx, user, { reviewRequiredAt: ctx.now }, { bumpEpoch: true })
  const sessions = await endSessionsOf(ctx, user.subject)
  const apiTokens = await revokeApiTokensOf(ctx, user.subject)
  const { subject: target, username } = user
  const details = { username, notice: notice.kind, sessions, api_tokens: apiTokens }
  await recordEvent(ctx, { action: 'review.required', target, details })
}

/** Returns what was answered with "This wasn't me", oldest first. */
export function reportsAbout(ctx: With<'db'>, { subject }: Pick<User, 'subject'>): Promise<Notice[]> {
  return selectReports(ctx.db, subject)
}

export interface DueReview {
  /** Oldest first. */
  readonly reports: readonly Notice[]
  readonly by: ReviewedBy
  /** Whether password or factors were changed from the oldest reported event on, by that event or later. */
  readonly isChanged: boolean
  /** The user's second factors that none of these changes gave: a sign-in with one of them ends the review. */
  readonly unchanged: readonly SecondFactorKind[]
}

/**
 * Returns what the review of this user is about, and who may end it: by a sign-in with these factors, or without them by the best one that
 * the user has.
 */
export async function dueReview(
  ctx: With<'db' | 'now' | 'config'>,
  user: Pick<User, 'subject' | 'role' | 'rolePermissions'>,
  methods?: readonly FactorKind[],
): Promise<DueReview> {
  const { subject } = user
  const reports = await reportsAbout(ctx, user)
  const [oldest] = reports
  const changes = oldest === undefined ? [] : await selectChangesFrom(ctx.db, subject, oldest.position)
  const passing = passingFactors(reports, changes)
  const usable = (await secondFactorsOf(ctx, subject)).filter(
    (kind) => kind !== 'passkey' || canHavePasskeys(ctx.config),
  )
  const held = offeredKinds(await userPolicy(ctx, user), usable)
  return {
    reports,
    by: reviewedBy(passing, methods ?? ['password', ...held]),
    isChanged: changes.length > 0,
    unchanged: held.filter((kind) => passing.includes(kind)),
  }
}

/** Ends the review with further changes of the user; returns the user as written. Throws `LostUpdate`. */
export async function endReview(
  ctx: With<'db' | 'now'>,
  user: User,
  changes: UserChanges,
  options?: { readonly bumpEpoch?: boolean },
): Promise<User> {
  const changed = await updateUser(ctx, user, { ...changes, reviewRequiredAt: null }, options)
  await clearReports(ctx.db, user.subject)
  return changed
}
