import type { Insertable } from 'kysely'

import type { Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { changedRows, countRows } from '#foundation/platform/database/row-count.ts'
import type { OutboxTable } from '#foundation/platform/database/schema.ts'
import { updatedOne } from '#foundation/platform/database/updated-one.ts'
import { toMail } from './outbox-row.ts'
import { OPEN_STATES, type OpenState, type QueuedMail } from './outbox.ts'

/** Inserts a mail, in the transaction of the change that it is about. */
export async function insertMail(db: Database, row: Insertable<OutboxTable>): Promise<void> {
  await db.insertInto('outbox').values(row).execute()
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
        last_failure: null,
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
      .where('state', 'in', OPEN_STATES)
      .where('expires_at', '>', now),
  )
}

/** Returns the next mails in a state that could be sent at once and are not due yet, by id after `after`. */
export function selectMailsToRequeue(
  db: Database,
  {
    state,
    after,
    now,
    limit,
  }: { readonly state: OpenState; readonly after: string; readonly now: Instant; readonly limit: number },
): Promise<{ readonly id: string; readonly subject: string | null }[]> {
  return db
    .selectFrom('outbox')
    .select(['id', 'subject'])
    .where('state', '=', state)
    .where('id', '>', after)
    .where('expires_at', '>', now)
    .$if(state === 'queued', (rows) => rows.where('next_attempt_at', '>', now))
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Makes mails due at once that wait or have failed; returns how many there still were. */
export async function requeueMails(db: Database, ids: readonly string[], now: Instant): Promise<number> {
  if (ids.length === 0) return 0
  const { numUpdatedRows } = await db
    .updateTable('outbox')
    .set({ state: 'queued', next_attempt_at: now, ended_at: null })
    .where('id', 'in', ids)
    .where('state', 'in', OPEN_STATES)
    .where('expires_at', '>', now)
    .executeTakeFirstOrThrow()
  return Number(numUpdatedRows)
}

/** Drops the open mails of these templates to a user, and erases their tokens. */
export async function dropMailsOf(
  db: Database,
  { templates, subject }: { readonly templates: readonly string[]; readonly subject: string },
  now: Instant,
): Promise<void> {
  await db
    .updateTable('outbox')
    .set({ state: 'dropped', ended_at: now, sealed_link_token: null, lease_owner: null, lease_until: null })
    .where('state', 'in', OPEN_STATES)
    .where('template', 'in', templates)
    .where('subject', '=', subject)
    .execute()
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

/** Returns how many mails are in each state; a state without one is left out. */
export function countMailsByState(
  db: Database,
): Promise<{ readonly state: QueuedMail['state']; readonly count: number }[]> {
  return db
    .selectFrom('outbox')
    .select((eb) => ['state', eb.fn.countAll<number>().as('count')])
    .groupBy('state')
    .execute()
}

/** Returns what the server answered to the oldest mail that it did not accept yet; null where it answered to none. */
export async function selectWaitingError(db: Database): Promise<string | null> {
  const row = await db
    .selectFrom('outbox')
    .select('last_error as error')
    .where('state', '=', 'queued')
    .where('last_error', 'is not', null)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return row?.error ?? null
}

/** Returns how many mails wait because the server refuses this server or its sender, and what it answered last. */
export async function selectBlockedMails(
  db: Database,
): Promise<{ readonly count: number; readonly error: string | null }> {
  const blocked = db.selectFrom('outbox').where('state', '=', 'queued').where('last_failure', '=', 'blocked')
  const count = await countRows(blocked)
  const latest = blocked.select('last_error as error').orderBy('id', 'desc').limit(1)
  return { count, error: count === 0 ? null : ((await latest.executeTakeFirst())?.error ?? null) }
}

/** Returns how many mails expired, of those that are still kept, and when the last one did; null without one. */
export function selectExpiredMails(db: Database): Promise<{ readonly count: number; readonly latest: Instant | null }> {
  return db
    .selectFrom('outbox')
    .select((eb) => [eb.fn.countAll<number>().as('count'), eb.fn.max<number | null>('ended_at').as('latest')])
    .where('state', '=', 'expired')
    .executeTakeFirstOrThrow()
}

/** Drops the mails with tokens that were sealed with these keys, which are lost; returns how many. */
export function dropMailsSealedBy(db: Database, keyIds: readonly string[], now: Instant): Promise<number> {
  return changedRows(
    db
      .updateTable('outbox')
      .set({ state: 'dropped', ended_at: now, sealed_link_token: null, lease_owner: null, lease_until: null })
      .where((eb) => eb.or(keyIds.map((id) => eb('sealed_link_token', 'like', `v1.${id}.%`)))),
  )
}
