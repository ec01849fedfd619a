// Confirms a new email, and undoes a change of it, by the links that were mailed.
import { auditedChange } from '#domain/authorization/audited-change.service.ts'
import { applyEmailChange, findEmailChange, undoEmailChange } from '#domain/notices/email-change.service.ts'
import { type EmailChange, isPending } from '#domain/notices/email-change.ts'
import type { NoticeDeps } from '#domain/notices/notice.service.ts'
import { findNotice, requireReview } from '#domain/notices/review.service.ts'
import { whyShutOut } from '#domain/users/account-expiry.service.ts'
import type { User } from '#domain/users/user.ts'
import type { With } from '#foundation/context.ts'
import type { Principal } from '#foundation/kernel/principal.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import { consumeMailedLink, readMailedLink } from './mailed-link.service.ts'
import { describeReported, type Reported } from './not-me.service.ts'

export interface EmailConfirmation {
  readonly user: User
  readonly email: string
  /** Whether the user must sign in first. */
  readonly needsSession: boolean
}

// A confirmation that the user has asked for is bound to the credential epoch: who changes the password ends what a thief has begun. One
// that an admin or the operator has asked for takes a session of the user instead: the email may be mistyped, and its reader could
// otherwise verify it and reset the password by mail (account takeover).
async function readConfirmation(ctx: With<'db' | 'now' | 'principal'>, token: Secret) {
  const link = await readMailedLink(ctx, token, 'email-confirmation')
  const change = await findEmailChange(ctx, link.about)
  const { user, createdBy } = link
  // Both rows are written together for one user. With the change of another one the link would verify a foreign email.
  if (change?.subject !== user.subject) throw new Refusal('link.unknown')
  const isOwn = createdBy === user.subject
  const isOpen = isPending(change, ctx.now) && (!isOwn || link.epoch === user.credentialEpoch)
  if (!isOpen || change.email === null) throw new Refusal('link.unknown')
  if ((await whyShutOut(ctx, user)) !== undefined) throw new Refusal('link.unknown')
  const needsSession = !isOwn && !isSessionOf(ctx.principal, user)
  return { link, change, email: change.email, needsSession }
}

function isSessionOf(principal: Principal, { subject }: User): boolean {
  return principal.kind === 'session' && principal.user.subject === subject
}

/** Returns what the page of the confirmation shows; consumes nothing. Throws `link.unknown`, `link.used`, `link.expired`. */
export async function readEmailConfirmation(
  ctx: With<'db' | 'now' | 'principal'>,
  token: Secret,
): Promise<EmailConfirmation> {
  const { link, email, needsSession } = await readConfirmation(ctx, token)
  return { user: link.user, email, needsSession }
}

/**
 * Makes the email that of the user, verified, and notifies the former one. Throws the codes of `readEmailConfirmation`,
 * `email.sign_in_to_confirm`, and `user.email_taken` if another user has the email by now; the link stays valid then.
 */
export function confirmEmailChange(ctx: NoticeDeps, token: Secret): Promise<User> {
  return auditedChange(ctx, { lock: 'none' }, async (tx) => {
    const { link, change, needsSession } = await readConfirmation(tx, token)
    if (needsSession) throw new Refusal('email.sign_in_to_confirm')
    await consumeMailedLink(tx, link)
    return applyEmailChange(tx, link.user, change)
  })
}

export interface EmailUndo {
  readonly user: User
  readonly change: EmailChange
}

// Not bound to the credential epoch: a thief who changed the email changes the password too.
async function readUndo(ctx: With<'db' | 'now'>, token: Secret) {
  const link = await readMailedLink(ctx, token, 'email-undo')
  const change = await findEmailChange(ctx, link.about)
  if (change === undefined || change.subject !== link.user.subject) throw new Refusal('link.unknown')
  return { link, change }
}

/** Returns what the page of the undo shows; consumes nothing. Throws `link.unknown`, `link.used`, `link.expired`. */
export async function readEmailUndo(ctx: With<'db' | 'now'>, token: Secret): Promise<EmailUndo> {
  const { link, change } = await readUndo(ctx, token)
  return { user: link.user, change }
}

export interface UndoneEmail {
  readonly user: User
  /** Where the user also said "This wasn't me"; null otherwise. */
  readonly reported: Reported | null
}

/**
 * Gives the user the former email back; with `report` also ends the sessions and asks for a review. Throws the codes of `readEmailUndo`,
 * and `user.email_taken` if another user has the former email by now; the link stays valid then.
 */
export function undoEmail(
  ctx: NoticeDeps,
  { token, report }: { readonly token: Secret; readonly report: boolean },
): Promise<UndoneEmail> {
  return auditedChange(ctx, { authorizedBy: 'token' }, async (tx) => {
    const { link, change } = await readUndo(tx, token)
    await consumeMailedLink(tx, link)
    const user = await undoEmailChange(tx, link.user, change)
    const notice = report ? await findNotice(tx, user.subject, change.id) : undefined
    if (notice === undefined) return { user, reported: null }
    await requireReview(tx, user, notice)
    return { user, reported: await describeReported(tx, user) }
  })
}
