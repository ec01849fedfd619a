// What is read of the outbox, and what is done with a mail by hand.
import { recordEvent } from '#domain/audit/audit.service.ts'
import type { EventAction } from '#domain/audit/event.ts'
import { noteLinkShown } from '#domain/links/link.service.ts'
import type { Context, InTransaction, With } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { isMailTemplate, rulesOf } from './mail-template.ts'
import {
  countMails,
  countMailsByState,
  dropMailsSealedBy,
  endMail,
  requeueMail,
  requeueMails,
  selectBlockedMails,
  selectExpiredMails,
  selectMail,
  selectMails,
  selectMailsToRequeue,
  selectWaitingError,
} from './outbox.queries.ts'
import type { MailState, OpenState, QueuedMail } from './outbox.ts'

export interface MailFilter {
  readonly state?: MailState | undefined
  /** The id of the last mail of the page before. */
  readonly before?: string | undefined
  readonly limit: number
}

export interface MailPage {
  readonly items: readonly QueuedMail[]
  /** The id after which the next page begins; null on the last page. */
  readonly next: string | null
}

/** Returns one page of mails, newest first. */
export async function listMails({ db }: With<'db'>, { state, before, limit }: MailFilter): Promise<MailPage> {
  const rows = await selectMails(db, { state, before, limit: limit + 1 })
  const items = rows.slice(0, limit)
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}

/** Returns one mail. Throws `mail.not_found`. */
export async function readMail({ db }: With<'db'>, id: string): Promise<QueuedMail> {
  const mail = await selectMail(db, id)
  if (mail === undefined) throw new Refusal('mail.not_found')
  return mail
}

/** Whether a mail can still be sent or dropped. */
export function isUnfinished({ state }: QueuedMail): boolean {
  return state === 'queued' || state === 'failed'
}

/** Whether only the command line can drop the mail: it warns a user, or a newer program queued it. */
export function isWarning({ template }: QueuedMail): boolean {
  return !isMailTemplate(template) || rulesOf(template).warns
}

type ChangeDeps = Pick<Context, 'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>

/** Makes a mail due at once. Throws `mail.not_found` and, where it has ended, `mail.ended`. */
export async function retryMail(ctx: InTransaction<ChangeDeps>, id: string): Promise<QueuedMail> {
  const mail = await readMail(ctx, id)
  if (!(await requeueMail(ctx.db, id, ctx.now))) throw new Refusal('mail.ended')
  await recordAboutMail(ctx, mail, 'mail.retried')
  return readMail(ctx, id)
}

export interface MailsToRetry {
  readonly state: OpenState
  /** The id of the last mail of the batch before; empty for the first batch. */
  readonly after: string
  readonly limit: number
}

/** Returns the ids of the next mails in a state that `retryMails` can make due, each with the user whom it is about. */
export function mailsToRetry(
  { db, now }: With<'db' | 'now'>,
  wanted: MailsToRetry,
): Promise<{ readonly id: string; readonly subject: string | null }[]> {
  return selectMailsToRequeue(db, { ...wanted, now })
}

/** Makes mails of a state due at once, with one event for these; returns how many. */
export async function retryMails(
  ctx: InTransaction<ChangeDeps>,
  state: OpenState,
  ids: readonly string[],
): Promise<number> {
  const count = await requeueMails(ctx.db, ids, ctx.now)
  if (count > 0) await recordEvent(ctx, { action: 'mail.all_retried', details: { count, state } })
  return count
}

/**
 * Ends a mail without sending it, and erases the token of its link. Throws `mail.not_found`, `mail.ended`, and `mail.warns` for a mail that
 * warns its recipient, unless the operator drops it: a stolen session of an admin would silence the warning.
 */
export async function dropMail(ctx: InTransaction<ChangeDeps>, id: string): Promise<QueuedMail> {
  const mail = await readMail(ctx, id)
  if (isWarning(mail) && ctx.principal.kind !== 'operator') throw new Refusal('mail.warns')
  if (!(await endMail(ctx.db, id, { from: ['queued', 'failed'], to: 'dropped', now: ctx.now })))
    throw new Refusal('mail.ended')
  await recordAboutMail(ctx, mail, 'mail.dropped')
  return readMail(ctx, id)
}

/** Records that the operator reads a mail with its link, which from then on proves nothing about its email. */
export async function recordReveal(ctx: ChangeDeps, mail: QueuedMail): Promise<void> {
  if (mail.linkId !== null) await noteLinkShown(ctx, mail.linkId)
  await recordAboutMail(ctx, mail, 'mail.revealed')
}

async function recordAboutMail(
  ctx: ChangeDeps,
  { id, template, subject }: QueuedMail,
  action: Extract<EventAction, `mail.${string}`>,
): Promise<void> {
  await recordEvent(ctx, { action, target: subject, details: { mail: id, template } })
}

export interface OutboxState {
  /** Mails that wait, when the oldest of them was queued, and what the server answered to one. */
  readonly waiting: { readonly count: number; readonly oldest: Instant | null; readonly error: string | null }
  /** Mails that wait because the SMTP server refuses this server or its sender, and its last answer. */
  readonly blocked: { readonly count: number; readonly error: string | null }
  /** Mails that expired, of those that are still kept, and when the last one did. */
  readonly expired: { readonly count: number; readonly latest: Instant | null }
  /** Mails that the SMTP server refused for good. */
  readonly failed: number
}

/** Returns how many mails are in each state; a state without one is left out. */
export async function mailCounts({ db }: With<'db'>): Promise<ReadonlyMap<MailState, number>> {
  const counts = await countMailsByState(db)
  return new Map(counts.map(({ state, count }) => [state, count]))
}

/** Returns what the check-up says about mails. */
export async function outboxState({ db }: With<'db'>): Promise<OutboxState> {
  const { count: failed } = await countMails(db, 'failed')
  const waiting = { ...(await countMails(db, 'queued')), error: await selectWaitingError(db) }
  return { waiting, blocked: await selectBlockedMails(db), expired: await selectExpiredMails(db), failed }
}

/** Drops the mails with links that only lost keys could open; returns how many. */
export function dropUnopenableMails({ db, now }: With<'db' | 'now'>, keyIds: readonly string[]): Promise<number> {
  return dropMailsSealedBy(db, keyIds, now)
}
