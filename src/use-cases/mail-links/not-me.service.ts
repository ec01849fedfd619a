// "This wasn't me": ends what a thief may hold, and asks for a review before the next session.
import { auditedChange } from '#domain/authorization/audited-change.service.ts'
import type { NoticeDeps } from '#domain/notices/notice.service.ts'
import { type DueReview, dueReview, findNotice, requireReview } from '#domain/notices/review.service.ts'
import { isLastAdmin } from '#domain/users/last-admin.service.ts'
import type { User } from '#domain/users/user.ts'
import type { With } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { consumeMailedLink, readMailedLink } from './mailed-link.service.ts'

export interface Report {
  readonly user: User
  readonly kind: string
  readonly at: Instant
}

async function readNotice(ctx: With<'db' | 'now'>, token: Secret) {
  const link = await readMailedLink(ctx, token, 'not-me')
  const notice = await findNotice(ctx, link.user.subject, link.about)
  if (notice === undefined) throw new Refusal('link.unknown')
  return { link, notice }
}

/** Returns what the page shows, without consuming the link. Throws `link.unknown`, `link.used`, `link.expired`. */
export async function readReport(ctx: With<'db' | 'now'>, token: Secret): Promise<Report> {
  const { link, notice } = await readNotice(ctx, token)
  return { user: link.user, kind: notice.kind, at: notice.createdAt }
}

export interface Reported extends Pick<DueReview, 'by' | 'isChanged'> {
  readonly user: User
  /** Whether only the operator can lift a review that an admin would have to. */
  readonly isLastAdmin: boolean
}

/**
 * Consumes the link, ends the user's sessions and API tokens and asks for a review, whatever became of the user's password and factors
 * since. Throws the codes of `readReport`.
 */
export function reportNotMe(ctx: NoticeDeps, token: Secret): Promise<Reported> {
  return auditedChange(ctx, { authorizedBy: 'token' }, async (tx) => {
    const { link, notice } = await readNotice(tx, token)
    await consumeMailedLink(tx, link)
    await requireReview(tx, link.user, notice)
    return describeReported(tx, link.user)
  })
}

/**
 * Returns who may end the review of this user. The kinds of the user's factors are not disclosed: the reader of the mailbox may be a
 * stranger.
 */
export async function describeReported(ctx: With<'db' | 'now' | 'config'>, user: User): Promise<Reported> {
  const { by, isChanged } = await dueReview(ctx, user)
  return { user, by, isChanged, isLastAdmin: await isLastAdmin(ctx, user) }
}
