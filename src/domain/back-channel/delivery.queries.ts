import { type Expression, type ExpressionBuilder, sql, type SqlBool } from 'kysely'

import { CLOCK_TOLERANCE, type Instant } from '#foundation/kernel/time.ts'
import { deleteInBatches } from '#foundation/platform/database/batches.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { preparedQuery } from '#foundation/platform/database/prepared-query.ts'
import type { ClientDeliveryTable, Schema } from '#foundation/platform/database/schema.ts'
import { updatedOne } from '#foundation/platform/database/updated-one.ts'
import { type Delivery, DELIVERY_LEASE, FIRST_WAIT, type LeasedDelivery, LONGEST_WAIT } from './delivery.ts'

/** Inserts deliveries of one event; those that are queued before are left as they are. */
export async function insertDeliveries(
  db: Database,
  eventId: string,
  deliveries: readonly Omit<Delivery, 'attempts'>[],
): Promise<void> {
  if (deliveries.length === 0) return
  const rows = deliveries.map(({ id, clientId, subject, sid, jti, createdAt }) => ({
    id,
    client_id: clientId,
    event_id: eventId,
    subject,
    sid: sid ?? '',
    jti,
    attempts: 0,
    next_attempt_at: createdAt,
    created_at: createdAt,
  }))
  await db
    .insertInto('client_delivery')
    .values(rows)
    .onConflict((conflict) => conflict.columns(['event_id', 'client_id', 'subject', 'sid']).doNothing())
    .execute()
}

interface Next {
  readonly owner: string
  readonly now: Instant
  /** The apps that this node is notifying. */
  readonly busy: readonly string[]
  /** Whether those that failed before are left to other lanes, also where an admin sends them again. */
  readonly onlyFirst: boolean
}

/**
 * Takes the lease of the next delivery that is due, by one conditional update: of several lanes and nodes each goes to one. On PostgreSQL a row
 * that another node is leasing is passed over. A moment further ahead than a right clock could have written is ignored.
 */
export async function leaseDelivery(
  db: Database,
  { owner, now, busy, onlyFirst }: Next,
): Promise<LeasedDelivery | undefined> {
  const leaseUntil = now + DELIVERY_LEASE
  const next = (isDue: (eb: ExpressionBuilder<Schema, 'client_delivery'>) => Expression<SqlBool>) =>
    db
      .selectFrom('client_delivery')
      .select('id')
      .where('delivered_at', 'is', null)
      .where('failed_at', 'is', null)
      .where(isDue)
      .where((eb) => isFree(eb, now))
      .$if(busy.length > 0, (due) => due.where('client_id', 'not in', busy))
      .$if(onlyFirst, (due) => due.where('last_error', 'is', null))
      .orderBy('next_attempt_at')
      .limit(1)
      .$if(db.dialect === 'postgres', (due) => due.forUpdate().skipLocked())
  const due = next((eb) => eb('next_attempt_at', '<=', now))
  const misdated = next((eb) => eb('next_attempt_at', '>', now + LONGEST_WAIT + CLOCK_TOLERANCE))
  const row = await db
    .updateTable('client_delivery')
    .set((eb) => ({ lease_owner: owner, lease_until: leaseUntil, attempts: eb('attempts', '+', 1) }))
    .where('id', '=', (eb) => eb.fn.coalesce(due, misdated))
    .returningAll()
    .executeTakeFirst()
  return row && { ...deliveryFromRow(row), leaseOwner: owner, leaseUntil, isAgain: row.last_error !== null }
}

function isFree(eb: ExpressionBuilder<Schema, 'client_delivery'>, now: Instant): Expression<SqlBool> {
  const end = 'lease_until'
  return eb.or([eb(end, 'is', null), eb(end, '<=', now), eb(end, '>', now + DELIVERY_LEASE + CLOCK_TOLERANCE)])
}

function deliveryFromRow(row: ClientDeliveryTable): Delivery {
  const { id, client_id: clientId, subject, sid, jti, attempts, created_at: createdAt } = row
  return { id, clientId, subject, sid: sid === '' ? null : sid, jti, attempts, createdAt }
}

export interface Outcome {
  readonly attempts?: number
  readonly delivered_at?: Instant
  readonly failed_at?: Instant
  readonly next_attempt_at?: Instant
  readonly last_error?: string | null
}

/** Ends the lease of a delivery with what came of it; false where another node has taken it since. */
export function settleDelivery(
  db: Database,
  { id, leaseOwner }: Pick<LeasedDelivery, 'id' | 'leaseOwner'>,
  outcome: Outcome,
): Promise<boolean> {
  return updatedOne(
    db
      .updateTable('client_delivery')
      .set({ ...outcome, lease_owner: null, lease_until: null })
      .where('id', '=', id)
      .where('lease_owner', '=', leaseOwner)
      .where('delivered_at', 'is', null),
  )
}

export interface Troubled extends Delivery {
  readonly failedAt: Instant | null
  readonly nextAttemptAt: Instant
  readonly lastError: string | null
}

/** Returns what did not reach an app at the last attempt, the oldest first. */
export async function selectTroubled(db: Database, clientId: string, limit: number): Promise<Troubled[]> {
  const rows = await db
    .selectFrom('client_delivery')
    .selectAll()
    .where('client_id', '=', clientId)
    .where('delivered_at', 'is', null)
    .where('last_error', 'is not', null)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    ...deliveryFromRow(row),
    failedAt: row.failed_at,
    nextAttemptAt: row.next_attempt_at,
    lastError: row.last_error,
  }))
}

export interface OpenDeliveries {
  /** How many are tried again by themselves, those before their first attempt among them. */
  readonly waiting: number
  readonly givenUp: number
  /** When the next of those that wait is due. */
  readonly nextAttemptAt: Instant | null
  /** When the oldest was queued that failed; null where none did. */
  readonly failingSince: Instant | null
}

/** Returns in short what has not reached an app yet. */
export async function summarizeOpen(db: Database, clientId: string): Promise<OpenDeliveries> {
  const row = await db
    .selectFrom('client_delivery')
    .select(({ fn }) => [
      fn.countAll().as('all'),
      fn.count('failed_at').as('given_up'),
      fn.min('next_attempt_at').filterWhere('failed_at', 'is', null).as('next_attempt_at'),
      fn.min('created_at').filterWhere('last_error', 'is not', null).as('failing_since'),
    ])
    .where('client_id', '=', clientId)
    .where('delivered_at', 'is', null)
    .executeTakeFirstOrThrow()
  const givenUp = Number(row.given_up)
  return {
    waiting: Number(row.all) - givenUp,
    givenUp,
    nextAttemptAt: instantOrNull(row.next_attempt_at),
    failingSince: instantOrNull(row.failing_since),
  }
}

function instantOrNull(value: unknown): Instant | null {
  return value === null ? null : Number(value)
}

/** Returns what came of the last attempt that failed, of those that did not reach the app yet; null where none failed. */
export async function selectLastError(db: Database, clientId: string): Promise<string | null> {
  // When the attempt was is not stored: the wait after it is (`waitAfterFailure`), doubled with each attempt.
  const wait = sql<number>`${FIRST_WAIT / 2} * (1 << attempts)`
  const row = await db
    .selectFrom('client_delivery')
    .select('last_error')
    .where('client_id', '=', clientId)
    .where('delivered_at', 'is', null)
    .where('last_error', 'is not', null)
    .orderBy((eb) => eb.fn.coalesce('failed_at', eb('next_attempt_at', '-', wait)), 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.last_error ?? null
}

/** Makes everything due at once that did not reach an app yet; returns how much. */
export async function requeueDeliveries(db: Database, clientId: string, now: Instant): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('client_delivery')
    .set({ attempts: 0, next_attempt_at: now, failed_at: null })
    .where('client_id', '=', clientId)
    .where('delivered_at', 'is', null)
    .where('last_error', 'is not', null)
    .executeTakeFirstOrThrow()
  return Number(numUpdatedRows)
}

/** Deletes what an app was to be sent. */
export async function deleteDeliveriesOf(db: Database, clientId: string): Promise<void> {
  await db.deleteFrom('client_delivery').where('client_id', '=', clientId).execute()
}

/** Deletes deliveries that were queued before an instant and are over, in batches. */
export async function deleteOldDeliveries(db: Database, before: Instant): Promise<void> {
  await deleteInBatches(db, 'client_delivery', 'id', (rows) =>
    rows
      .where('created_at', '<', before)
      .where((eb) => eb.or([eb('delivered_at', 'is not', null), eb('failed_at', 'is not', null)])),
  )
}

export interface Cursor {
  readonly position: number
  readonly resume: string | null
}

const cursorNamed = preparedQuery((db: Database, name: string) =>
  db.selectFrom('ending_cursor').select(['position', 'resume']).where('name', '=', name),
)

export async function selectCursor(db: Database, name: string): Promise<Cursor> {
  const [row] = await cursorNamed(db, name)
  if (row === undefined) throw new Error(`The table ending_cursor has no row "${name}"`)
  return { position: Number(row.position), resume: row.resume }
}

export async function updateCursor(db: Database, name: string, cursor: Cursor): Promise<void> {
  await db.updateTable('ending_cursor').set(cursor).where('name', '=', name).execute()
}
