// The statements of the delivery: leases, attempts that failed, and the end of mails by their time.
import { type Expression, type ExpressionBuilder, sql, type SqlBool } from 'kysely'

import { CLOCK_TOLERANCE, type Instant } from '#foundation/kernel/time.ts'
import { deleteInBatches, inBatches } from '#foundation/platform/database/batches.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import type { OutboxTable, Schema } from '#foundation/platform/database/schema.ts'
import { toMail } from './outbox-row.ts'
import { type LaneOrder, type LeasedMail, LONGEST_WAIT, MAIL_LEASE, OPEN_STATES } from './outbox.ts'

/**
 * Takes the lease of the next mail that is due, by one conditional update: of several lanes and nodes each mail goes to one. A mail that
 * looks expired stays as it is, because the clock of this node may be ahead. A moment further ahead than a right clock could have written is
 * ignored. On PostgreSQL a row that another lane is leasing is passed over, because a lane that waited for it would get nothing.
 */
export async function leaseMail(
  db: Database,
  { owner, now, order }: { readonly owner: string; readonly now: Instant; readonly order: LaneOrder },
): Promise<LeasedMail | undefined> {
  const leaseUntil = now + MAIL_LEASE
  const next = (isDue: (eb: ExpressionBuilder<Schema, 'outbox'>) => Expression<SqlBool>) =>
    db
      .selectFrom('outbox')
      .select('id')
      .where('state', '=', 'queued')
      .where('expires_at', '>', now)
      .where(isDue)
      .where((eb) => isFree(eb, now))
      .$if(order === 'newest', (due) => due.where(sql<SqlBool>`last_failure is distinct from 'timed-out'`))
      .orderBy('next_attempt_at', order === 'newest' ? 'desc' : 'asc')
      .limit(1)
      .$if(db.dialect === 'postgres', (due) => due.forUpdate().skipLocked())
  // Two ranges of one index: a condition with `or` would read every mail that waits.
  const due = next((eb) => eb('next_attempt_at', '<=', now))
  const misdated = next((eb) => eb('next_attempt_at', '>', now + LONGEST_WAIT + CLOCK_TOLERANCE))
  const row = await db
    .updateTable('outbox')
    .set((eb) => ({ lease_owner: owner, lease_until: leaseUntil, attempts: eb('attempts', '+', 1) }))
    .where('id', '=', (eb) => eb.fn.coalesce(due, misdated))
    .returningAll()
    .executeTakeFirst()
  return row && { ...toMail(row), leaseOwner: owner, leaseUntil }
}

/** Whether there is no lease, or it has ended, or it ends later than a right clock could have written. */
function isFree(eb: ExpressionBuilder<Schema, 'outbox'>, now: Instant): Expression<SqlBool> {
  const end = 'lease_until'
  return eb.or([eb(end, 'is', null), eb(end, '<=', now), eb(end, '>', now + MAIL_LEASE + CLOCK_TOLERANCE)])
}

/** Ends the lease after a failed attempt, and stores when the next one is due; changes nothing where another node took the mail. */
export async function postponeMail(
  db: Database,
  { id, owner }: { id: string; owner: string },
  { nextAttemptAt, error, failure }: { nextAttemptAt: Instant; error: string; failure: OutboxTable['last_failure'] },
): Promise<void> {
  await db
    .updateTable('outbox')
    .set({
      next_attempt_at: nextAttemptAt,
      last_error: error,
      last_failure: failure,
      lease_owner: null,
      lease_until: null,
    })
    .where('id', '=', id)
    .where('lease_owner', '=', owner)
    .where('state', '=', 'queued')
    .execute()
}

/** Ends the mails that were to be sent before this moment, and erases their tokens, in batches; returns how many. */
export function expireMailRows(db: Database, now: Instant): Promise<number> {
  return inBatches(async (most) => {
    const late = db
      .selectFrom('outbox')
      .select('id')
      .where('state', 'in', OPEN_STATES)
      .where('expires_at', '<=', now)
      .limit(most)
    const { numUpdatedRows } = await db
      .updateTable('outbox')
      .set({ state: 'expired', ended_at: now, sealed_link_token: null, lease_owner: null, lease_until: null })
      .where('id', 'in', late)
      // A node may have sent it since the rows were selected.
      .where('state', 'in', OPEN_STATES)
      .executeTakeFirstOrThrow()
    return Number(numUpdatedRows)
  })
}

/** Deletes mails that ended before this moment, in batches. */
export async function deleteEndedMailRows(db: Database, before: Instant): Promise<void> {
  await deleteInBatches(db, 'outbox', 'id', (rows) =>
    rows.where('state', '!=', 'queued').where('ended_at', '<', before),
  )
}
