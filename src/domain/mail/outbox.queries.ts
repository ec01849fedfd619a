import type { Expression, ExpressionBuilder, Insertable, Selectable, SqlBool } from 'kysely'

import { CLOCK_TOLERANCE } from '../../foundation/kernel/time.ts'
import type { Duration, Instant } from '../../foundation/kernel/time.ts'
import { deleteInBatches } from '../../foundation/platform/database/batches.ts'
import type { Database } from '../../foundation/platform/database/database.ts'
import type { OutboxTable, Schema } from '../../foundation/platform/database/schema.ts'
import { updatedOne } from '../../foundation/platform/database/updated-one.ts'
import { LONGEST_WAIT, MAIL_LEASE } from './outbox.ts'
import type { QueuedMail } from './outbox.ts'

/** Inserts a mail, in the transaction of the change that it tells of. */
export async function insertMail(db: Database, row: Insertable<OutboxTable>): Promise<void> {
  await db.insertInto('outbox').values(row).execute()
}

/**
 * Takes the lease of mails that are due, by one conditional update: of several nodes each mail goes to one. A moment
 * further ahead than a right clock could have written is ignored.
 */
export async function leaseMails(
  db: Database,
  { owner, now, most }: { owner: string; now: Instant; most: number },
): Promise<QueuedMail[]> {
  const due = db
    .selectFrom('outbox')
    .select('id')
    .where('state', '=', 'queued')
    .where((eb) => notWithin(eb, 'next_attempt_at', now, LONGEST_WAIT))
    .where((eb) => notWithin(eb, 'lease_until', now, MAIL_LEASE))
    .orderBy('next_attempt_at')
    .limit(most)
  const rows = await db
    .updateTable('outbox')
    .set((eb) => ({ lease_owner: owner, lease_until: now + MAIL_LEASE, attempts: eb('attempts', '+', 1) }))
    .where('id', 'in', due)
    .where('state', '=', 'queued')
    .where((eb) => notWithin(eb, 'lease_until', now, MAIL_LEASE))
    .returningAll()
    .execute()
  return rows.map(toMail)
}

/** Whether the moment is unknown, past, or further ahead than the span allows. */
function notWithin(
  eb: ExpressionBuilder<Schema, 'outbox'>,
  column: 'lease_until' | 'next_attempt_at',
  now: Instant,
  span: Duration,
): Expression<SqlBool> {
  return eb.or([eb(column, 'is', null), eb(column, '<=', now), eb(column, '>', now + span + CLOCK_TOLERANCE)])
}

export type EndedState = Exclude<QueuedMail['state'], 'queued'>

/**
 * Ends a mail that is in one of the states; false where it is in another. The sealed token is erased, but not where the mail `failed`,
 * because it can still be sent by hand.
 */
export function endMail(
  db: Database,
  id: string,
  { from, to, now, error }: { from: readonly QueuedMail['state'][]; to: EndedState; now: Instant; error?: string },
): Promise<boolean> {
  return updatedOne(
    db
      .updateTable('outbox')
      .set({
        state: to,
        ended_at: now,
        lease_owner: null,
        lease_until: null,
        ...(to !== 'failed' && { sealed_link_token: null }),
        ...(error !== undefined && { last_error: error }),
      })
      .where('id', '=', id)
      .where('state', 'in', from),
  )
}

/** Makes a mail due at once that waits or has failed, unless it has expired; false where there is no such mail. */
export function requeueMail(db: Database, id: string, now: Instant): Promise<boolean> {
  return updatedOne(
    db
      .updateTable('outbox')
      .set({ state: 'queued', next_attempt_at: now, ended_at: null })
      .where('id', '=', id)
      .where('state', 'in', ['queued', 'failed'])
      .where('expires_at', '>', now),
  )
}

/** Ends the lease after a failed attempt, and stores when the next one is due; changes nothing where another node took the mail. */
export async function postponeMail(
  db: Database,
  { id, owner }: { id: string; owner: string },
  { nextAttemptAt, error }: { nextAttemptAt: Instant; error: string },
): Promise<void> {
  await db
    .updateTable('outbox')
    .set({ next_attempt_at: nextAttemptAt, last_error: error, lease_owner: null, lease_until: null })
    .where('id', '=', id)
    .where('lease_owner', '=', owner)
    .where('state', '=', 'queued')
    .execute()
}

/** Ends the mails that were to be sent before this moment, and erases their tokens. */
export async function expireMailRows(db: Database, now: Instant): Promise<void> {
  await db
    .updateTable('outbox')
    .set({ state: 'expired', ended_at: now, sealed_link_token: null, lease_owner: null, lease_until: null })
    .where('state', 'in', ['queued', 'failed'])
    .where('expires_at', '<=', now)
    .execute()
}

/** Deletes mails that ended before this moment, in batches. */
export async function deleteEndedMailRows(db: Database, before: Instant): Promise<void> {
  await deleteInBatches(db, 'outbox', 'id', (rows) =>
    rows.where('state', '!=', 'queued').where('ended_at', '<', before),
  )
}

export async function selectMail(db: Database, id: string): Promise<QueuedMail | undefined> {
  const row = await db.selectFrom('outbox').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toMail(row)
}

/** Returns mails, newest first; `before` is the id of the last one of the page before. */
export async function selectMails(
  db: Database,
  { state, before, limit }: { state: QueuedMail['state'] | undefined; before: string | undefined; limit: number },
): Promise<QueuedMail[]> {
  const rows = await db
    .selectFrom('outbox')
    .selectAll()
    .$if(state !== undefined, (query) => query.where('state', '=', state!))
    .$if(before !== undefined, (query) => query.where('id', '<', before!))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(toMail)
}

/** Returns how many mails are in a state, and when the oldest of them was queued; null without one. */
export async function countMails(
  db: Database,
  state: QueuedMail['state'],
): Promise<{ readonly count: number; readonly oldest: Instant | null }> {
  const row = await db
    .selectFrom('outbox')
    .select((eb) => [eb.fn.countAll<number>().as('count'), eb.fn.min<number | null>('created_at').as('oldest')])
    .where('state', '=', state)
    .executeTakeFirstOrThrow()
  return row
}

/** Drops the mails with tokens that were sealed with these keys, which are lost; returns how many. */
export async function dropMailsSealedBy(db: Database, keyIds: readonly string[], now: Instant): Promise<number> {
  const rows = await db
    .updateTable('outbox')
    .set({ state: 'dropped', ended_at: now, sealed_link_token: null, lease_owner: null, lease_until: null })
    .where((eb) => eb.or(keyIds.map((id) => eb('sealed_link_token', 'like', `v1.${id}.%`))))
    .returning('id')
    .execute()
  return rows.length
}

function toMail(row: Selectable<OutboxTable>): QueuedMail {
  return {
    id: row.id,
    template: row.template,
    recipient: row.recipient,
    subject: row.subject,
    locale: row.locale,
    facts: JSON.parse(row.facts) as Record<string, string>,
    linkId: row.link_id,
    linkPath: row.link_path,
    sealedLinkToken: row.sealed_link_token,
    messageId: row.message_id,
    state: row.state,
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at,
    leaseOwner: row.lease_owner,
    leaseUntil: row.lease_until,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    endedAt: row.ended_at,
    lastError: row.last_error,
  }
}
