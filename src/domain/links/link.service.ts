// Single-use links: issues, reads, consumes and withdraws the links of invitations and of the set-up.
import type { With } from '#foundation/context.ts'
import { actorOf } from '#foundation/kernel/principal.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { hashOf, newSecretToken } from '#foundation/kernel/secret-token.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import { days, type Duration, type Instant } from '#foundation/kernel/time.ts'
import { consumeOnce } from '#foundation/platform/database/consume-once.ts'
import { clampFutureRows } from '#foundation/platform/database/future-rows.ts'
import {
  clearMailedTo,
  deleteExpiredLinkRows,
  deleteUnconsumedLinks,
  hasMailedLink,
  insertLink,
  selectLink,
  selectLinkById,
  selectUnconsumedLink,
  updateToReplaced,
} from './link.queries.ts'
import { type Link, type LinkPurpose, linkStatus } from './link.ts'

const PREFIX = 'dwl_'
/** Ended links are kept this long, so that a late request gets `link.used` or `link.expired` instead of `link.unknown`. */
const KEPT_AFTER_END = days(30)

export interface IssuedLink {
  readonly link: Link
  /** Shown once, in the answer to its issue; only its hash is stored. */
  readonly token: Secret
}

interface NewLink extends Pick<Link, 'purpose' | 'subject' | 'epoch'> {
  readonly lifetime: Duration
  readonly about?: string | null
  readonly mailedTo?: string | null
  /** The principal if left out. */
  readonly createdBy?: string | null
}

/** Stores a new single-use link, which may be `about` one event or request; returns it with its token. */
export async function issueLink(
  ctx: With<'db' | 'now' | 'newId' | 'random' | 'principal'>,
  { purpose, subject, epoch, lifetime, about = null, mailedTo = null, createdBy }: NewLink,
): Promise<IssuedLink> {
  const token = newSecretToken(ctx.random, PREFIX)
  const link: Link = {
    id: ctx.newId(),
    purpose,
    subject,
    epoch,
    createdBy: createdBy === undefined ? actorOf(ctx.principal) : createdBy,
    createdAt: ctx.now,
    expiresAt: ctx.now + lifetime,
    consumedAt: null,
    about,
    mailedTo,
    replacedAt: null,
  }
  await insertLink(ctx.db, link, hashOf(token))
  return { link, token }
}

/**
 * Issues another link instead of an unused one, with the same end; undefined if that one was used or withdrawn, or if another node has
 * replaced it. The former link stays stored, so that its page says where the other one went.
 */
export async function replaceLink(
  ctx: With<'db' | 'now' | 'newId' | 'random' | 'principal'>,
  { id, expiresAt, purpose, subject, epoch, mailedTo, createdBy }: Link,
): Promise<IssuedLink | undefined> {
  if (!(await updateToReplaced(ctx.db, id, ctx.now))) return undefined
  const lifetime = expiresAt - ctx.now
  return issueLink(ctx, { purpose, subject, epoch, mailedTo, createdBy, lifetime, about: id })
}

/**
 * Returns a live link, without consuming it: opening its page has no effect. Throws `link.unknown`, `link.used`, `link.expired` or
 * `link.replaced`.
 */
export async function readLink(ctx: With<'db' | 'now'>, token: Secret, purpose: LinkPurpose): Promise<Link> {
  const link = await findLink(ctx, token, purpose)
  if (link === undefined) throw new Refusal('link.unknown')
  const state = linkStatus(link, ctx.now)
  if (state === 'used') throw new Refusal('link.used')
  if (state === 'expired') throw new Refusal('link.expired')
  if (state === 'replaced') throw new Refusal('link.replaced')
  return link
}

/** Returns a link in any state, so that a page can say why it does not work; undefined if it is unknown or was withdrawn. */
export function findLink(ctx: With<'db'>, token: Secret, purpose: LinkPurpose): Promise<Link | undefined> {
  return selectLink(ctx.db, hashOf(token), purpose)
}

/**
 * Returns the newest link of this purpose that the user has not used and that the current credentials have not ended, expired or not;
 * undefined if there is none.
 */
export function findUnusedLink(
  ctx: With<'db'>,
  purpose: LinkPurpose,
  { subject, credentialEpoch: epoch }: { readonly subject: string; readonly credentialEpoch: number },
): Promise<Link | undefined> {
  return selectUnconsumedLink(ctx.db, { purpose, subject, epoch })
}

/** Whether a link of this purpose that left by mail alone still works, or was used since the user last had a session. */
export function hasMailedLinkSinceSignIn(
  ctx: With<'db' | 'now'>,
  purpose: LinkPurpose,
  {
    subject,
    credentialEpoch: epoch,
    lastSignInAt,
  }: { readonly subject: string; readonly credentialEpoch: number; readonly lastSignInAt: Instant | null },
): Promise<boolean> {
  return hasMailedLink(ctx.db, { purpose, subject, epoch }, { now: ctx.now, usedSince: lastSignInAt ?? 0 })
}

/** Returns the link with this id in any state; undefined if it is gone. */
export function findLinkById({ db }: With<'db'>, id: string): Promise<Link | undefined> {
  return selectLinkById(db, id)
}

/** Returns the email to which this link left by mail alone; null if it was shown, or is gone. */
export async function emailMailedWith(ctx: With<'db'>, id: string): Promise<string | null> {
  return (await selectLinkById(ctx.db, id))?.mailedTo ?? null
}

/** Notes that a mailed link was shown to another person than its recipient, so that its use proves nothing about the email. */
export function noteLinkShown(ctx: With<'db'>, id: string): Promise<void> {
  return clearMailedTo(ctx.db, id)
}

/** Consumes the link; false if another transaction has consumed it. */
export function consumeLink(ctx: With<'db' | 'now'>, id: string): Promise<boolean> {
  return consumeOnce(ctx.db, 'link', id, ctx.now)
}

/** Withdraws the links of this purpose and user that are not consumed yet. */
export function withdrawLinks(
  ctx: With<'db'>,
  { purpose, subject }: { purpose: LinkPurpose; subject: string | null },
): Promise<void> {
  return deleteUnconsumedLinks(ctx.db, purpose, subject)
}

/** Lets links that were issued while a clock was ahead expire after their usual lifetime from now on. */
export function clampLinkTimes(ctx: With<'db' | 'now'>): Promise<void> {
  return clampFutureRows(ctx.db, 'link', ctx.now)
}

/** Deletes links that expired more than `KEPT_AFTER_END` ago. */
export function deleteExpiredLinks(ctx: With<'db' | 'now'>): Promise<void> {
  return deleteExpiredLinkRows(ctx.db, ctx.now - KEPT_AFTER_END)
}
