// Changes of a user's email. Where mail is on, a user's own new email waits for its confirmation, and the former one is notified.
//
//   requested  ──confirmed──►  changed  ──undone within 7 days──►  the former email again
//       └── another request, a change of credentials, or a day  ──►  ended
import { recordEvent } from '#domain/audit/audit.service.ts'
import { issueLink, withdrawLinks } from '#domain/links/link.service.ts'
import { isMailOn, queueMail } from '#domain/mail/mail.service.ts'
import { requireEmailAvailable } from '#domain/users/name-claim.service.ts'
import { updateUser } from '#domain/users/user.service.ts'
import { fieldErrorsInNewEmail, type User } from '#domain/users/user.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import { isMailable, isRouted } from '#foundation/kernel/mailable.ts'
import { requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import { ANSWER_LIFETIME, ASKED_LIFETIME, CONFIRMATION_LIFETIME } from '#foundation/kernel/stated-limits.ts'
import {
  deleteChangesFrom,
  deleteEndedChanges,
  deleteUnconfirmedChanges,
  insertEmailChange,
  selectEmailChange,
  selectUnconfirmedChange,
  updateConfirmed,
} from './email-change.queries.ts'
import { type EmailChange, isPending } from './email-change.ts'
import { endLinksOf } from './former-email-links.service.ts'
import { factsOf, type NoticeDeps, storeNotice } from './notice.service.ts'

const MALFORMED = { pointer: '/email', code: 'user.email_malformed' }

/** The paths of the pages that the links open. */
export const CONFIRM_EMAIL_PATH = '/confirm-email'
export const UNDO_EMAIL_PATH = '/undo-email'

/**
 * Where mail is on: asks a new email, or the current one that is not verified, for its confirmation; a removal takes effect at once.
 * Returns the user as written; the pending email is no part of it. Throws `request.validation_failed`, `user.email_taken`, `LostUpdate`.
 */
export async function changeEmail(ctx: InTransaction<NoticeDeps>, user: User, email: string | null): Promise<User> {
  await withdrawPendingEmail(ctx, user)
  if (email === null) {
    const removed = await updateUser(ctx, user, { email })
    await endLinksOf(ctx, user, email)
    await notifyFormerEmail(ctx, removed, await storeRemoval(ctx, user))
    return removed
  }
  requireNoFieldErrors(isMailable(email) ? fieldErrorsInNewEmail(email) : [MALFORMED])
  if (email !== user.email) await requireEmailAvailable(ctx, { id: user.id, email })
  // The requests of one user conflict on the row, so that one email waits at a time (write skew).
  const current = await updateUser(ctx, user, {}, { bumpEpoch: false })
  await askForConfirmation(ctx, current, email, ENTERED)
  return current
}

/**
 * Asks for the confirmation of the email that the user has, in the name of another user or of the operator. The transaction is the one that
 * has found that none waits. Returns false for an email that gets no mail, or whose reader need not belong to the domain that it names.
 * Throws `LostUpdate`.
 */
export async function askToConfirm(ctx: InTransaction<NoticeDeps>, user: User): Promise<boolean> {
  const { email } = user
  if (email === null || !isMailable(email) || isRouted(email)) return false
  // One that has expired.
  await withdrawPendingEmail(ctx, user)
  const current = await updateUser(ctx, user, { confirmationAskedAt: ctx.now }, { bumpEpoch: false })
  await askForConfirmation(ctx, current, email, ASKED)
  return true
}

const ENTERED = { template: 'email-confirmation', lifetime: CONFIRMATION_LIFETIME } as const
const ASKED = { template: 'email-confirmation-asked', lifetime: ASKED_LIFETIME } as const

async function askForConfirmation(
  ctx: InTransaction<NoticeDeps>,
  user: User,
  email: string,
  { template, lifetime }: typeof ENTERED | typeof ASKED,
): Promise<void> {
  const { subject, username, locale, credentialEpoch: epoch } = user
  const id = ctx.newId()
  const times = { createdAt: ctx.now, expiresAt: ctx.now + lifetime, confirmedAt: null }
  await insertEmailChange(ctx.db, { id, subject, email, formerEmail: null, formerVerifiedAt: null, ...times })
  const { link, token } = await issueLink(ctx, { purpose: 'email-confirmation', subject, epoch, lifetime, about: id })
  await queueMail(ctx, {
    template,
    recipient: email,
    subject,
    locale,
    // The email may be a stranger's by mistake, so device and IP address are left out.
    facts: { name: username },
    link: { id: link.id, path: CONFIRM_EMAIL_PATH, token, expiresAt: link.expiresAt },
  })
  await recordEvent(ctx, { action: 'email.confirmation_sent', target: subject, details: { username } })
}

async function storeRemoval(ctx: NoticeDeps, user: User): Promise<EmailChange> {
  const change = { ...formerOf(ctx, user), id: ctx.newId(), subject: user.subject, email: null, createdAt: ctx.now }
  await insertEmailChange(ctx.db, change)
  return { ...change, position: 0 }
}

/** What a change that takes effect now stores of the email that it replaces. */
function formerOf({ now }: With<'now'>, { email, emailVerifiedAt }: User) {
  return {
    formerEmail: email,
    formerVerifiedAt: emailVerifiedAt,
    confirmedAt: now,
    expiresAt: now + ANSWER_LIFETIME,
  }
}

/** Ends the change that waits for its confirmation. */
export async function withdrawPendingEmail(ctx: With<'db'>, { subject }: Pick<User, 'subject'>): Promise<void> {
  await deleteUnconfirmedChanges(ctx.db, subject)
  await withdrawLinks(ctx, { purpose: 'email-confirmation', subject })
}

/** Returns the change that waits for its confirmation; undefined if there is none. */
export async function pendingEmail(
  ctx: With<'db' | 'now'>,
  { subject }: Pick<User, 'subject'>,
): Promise<EmailChange | undefined> {
  const change = await selectUnconfirmedChange(ctx.db, subject)
  return change !== undefined && isPending(change, ctx.now) ? change : undefined
}

/** Returns the change with this id; undefined if it was withdrawn, undone or deleted. */
export function findEmailChange(ctx: With<'db'>, id: string): Promise<EmailChange | undefined> {
  return selectEmailChange(ctx.db, id)
}

/**
 * Makes the confirmed email that of the user, verified, and notifies the former one. Throws `user.email_taken` if another user has it by
 * now, and `LostUpdate`.
 */
export async function applyEmailChange(ctx: InTransaction<NoticeDeps>, user: User, change: EmailChange): Promise<User> {
  const { subject, username } = user
  const { email } = change
  if (email === user.email) {
    await withdrawLinks(ctx, { purpose: 'password-reset', subject })
    await withdrawPendingEmail(ctx, user)
    const verified = await updateUser(ctx, user, { emailVerifiedAt: ctx.now })
    await recordEvent(ctx, { action: 'email.confirmed', actor: subject, target: subject, details: { username } })
    return verified
  }
  const changed = await updateUser(ctx, user, { email, emailVerifiedAt: ctx.now })
  await endLinksOf(ctx, user, email)
  const confirmed = { ...change, ...formerOf(ctx, user) }
  await updateConfirmed(ctx.db, confirmed)
  await recordEvent(ctx, { action: 'email.confirmed', actor: subject, target: subject, details: { username } })
  await notifyFormerEmail(ctx, changed, confirmed)
  return changed
}

// The notice has the id of the change, so that the page of the undo can ask for a review too.
async function notifyFormerEmail(ctx: InTransaction<NoticeDeps>, user: User, change: EmailChange): Promise<void> {
  const { subject, credentialEpoch: epoch, locale } = user
  const { id, formerEmail } = change
  await storeNotice(ctx, user, { id, kind: 'email-changed', once: null })
  if (formerEmail === null || !isMailOn(ctx.config)) return
  const lifetime = ANSWER_LIFETIME
  const { link, token } = await issueLink(ctx, { purpose: 'email-undo', subject, epoch, lifetime, about: id })
  await queueMail(ctx, {
    template: 'notice-email-changed',
    recipient: formerEmail,
    subject,
    locale,
    facts: { ...factsOf(ctx, user), ...(user.email === null ? {} : { email: user.email }) },
    link: { id: link.id, path: UNDO_EMAIL_PATH, token, expiresAt: link.expiresAt },
  })
}

/**
 * Notifies the former email of a change by an admin or the operator, which took effect at once: without an undo, because another admin can
 * change it back. Ends what waited for a confirmation, and what `endLinksOf` ends; returns what that returns.
 */
export async function notifyOfAdminChange(ctx: InTransaction<NoticeDeps>, before: User, after: User): Promise<boolean> {
  const { subject } = after
  await withdrawPendingEmail(ctx, after)
  const endsInvitation = await endLinksOf(ctx, before, after.email)
  await storeNotice(ctx, after, { id: ctx.newId(), kind: 'email-changed', once: null })
  if (before.email === null) return endsInvitation
  await queueMail(ctx, {
    template: 'notice-email-set',
    recipient: before.email,
    subject,
    locale: after.locale,
    facts: { ...factsOf(ctx, after), ...(after.email === null ? {} : { email: after.email }) },
  })
  return endsInvitation
}

/**
 * Gives the user the former email back, as it was: verified or not. Ends this change and the later ones, so that none of their undos brings
 * a removed email back. Throws `user.email_taken` if another user has the former email by now, and `LostUpdate`.
 */
export async function undoEmailChange(ctx: InTransaction<NoticeDeps>, user: User, change: EmailChange): Promise<User> {
  const { subject, username } = user
  const { formerEmail: email, formerVerifiedAt: emailVerifiedAt } = change
  const changed = await updateUser(ctx, user, { email, emailVerifiedAt }, { restoresEmail: true })
  await deleteChangesFrom(ctx.db, subject, change.position)
  await endLinksOf(ctx, user, email)
  await recordEvent(ctx, { action: 'email.undone', target: subject, details: { username } })
  return changed
}

/** Deletes changes that can be neither confirmed nor undone any more. */
export function deleteEndedEmailChanges(ctx: With<'db' | 'now'>): Promise<void> {
  return deleteEndedChanges(ctx.db, ctx.now)
}
