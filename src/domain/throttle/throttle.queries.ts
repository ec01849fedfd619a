import { type RawBuilder, type Selectable, sql } from 'kysely'

import type { Duration, Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { preparedQuery } from '#foundation/platform/database/prepared-query.ts'
import type { ThrottleBucketTable } from '#foundation/platform/database/schema.ts'
import {
  backoffSteps,
  type GuessedFactor,
  INDEFINITELY,
  PENDING_LEASE,
  policyOf,
  rangeOf,
  THROTTLE_POLICIES,
  type ThrottlePolicy,
  userBuckets,
  userPrefix,
} from './throttle.ts'

const failuresNow = sql<number>`throttle_bucket.failures`
const onePendingLess = sql<number>`case when throttle_bucket.pending > 0 then throttle_bucket.pending - 1 else 0 end`

function isResetAt(now: RawBuilder<number>, resetAfter: Duration): RawBuilder<boolean> {
  return sql<boolean>`throttle_bucket.last_failure_at + ${sql.lit(resetAfter)} <= ${now}`
}

/** Counts one pending guess if the bucket allows it (`guessAllowedFrom` in SQL); no row is returned if the bucket is blocked. */
export function consumeFromBucket(db: Database, key: string, now: Instant) {
  return queriesFor(key).consume(db, key, now)
}

function consumeQuery({ allowedFailures, resetAfter }: ThrottlePolicy) {
  const now = sql<number>`excluded.pending_since`
  const since = sql<number>`throttle_bucket.pending_since`
  const lease = sql.lit(PENDING_LEASE)
  const pending = sql<number>`case when ${now} - ${since} < ${lease} and ${since} - ${now} < ${lease} then throttle_bucket.pending else 0 end`
  const failures =
    resetAfter === null
      ? failuresNow
      : sql<number>`case when ${isResetAt(now, resetAfter)} then 0 else ${failuresNow} end`
  return preparedQuery((db: Database, key: string, at: Instant) =>
    db
      .insertInto('throttle_bucket')
      .values({ key, failures: 0, last_failure_at: at, blocked_until: 0, pending: 1, pending_since: at })
      .onConflict((conflict) =>
        conflict
          .column('key')
          .doUpdateSet({
            pending: sql<number>`${pending} + 1`,
            pending_since: sql<number>`case when ${pending} = 0 then ${now} else ${since} end`,
          })
          .where('throttle_bucket.blocked_until', '<=', at)
          .where(sql<boolean>`(${pending} = 0 or ${failures} + ${pending} < ${sql.lit(allowedFailures)})`),
      )
      .returning('key'),
  )
}

/** Counts a pending guess as a failure; returns the failures and when the block after it ends. */
export function failInBucket(db: Database, key: string, now: Instant) {
  return queriesFor(key).fail(db, key, now)
}

function failQuery(policy: ThrottlePolicy) {
  const now = sql<number>`excluded.last_failure_at`
  const grown =
    policy.resetAfter === null
      ? sql<number>`${failuresNow} + 1`
      : sql<number>`case when ${isResetAt(now, policy.resetAfter)} then 1 else ${failuresNow} + 1 end`
  return preparedQuery((db: Database, key: string, at: Instant) =>
    db
      .insertInto('throttle_bucket')
      // The first failure is within the allowed failures of every policy.
      .values({ key, failures: 1, last_failure_at: at, blocked_until: 0 })
      .onConflict((conflict) =>
        conflict.column('key').doUpdateSet({
          failures: grown,
          last_failure_at: now,
          blocked_until: blockEnd(grown, now, policy),
          pending: onePendingLess,
          // The transaction that blocks the bucket writes an event, and then the event's id here (`setBlockEvent`).
          block_event_id: null,
        }),
      )
      .returning(['failures', 'blocked_until as blockedUntil']),
  )
}

function queriesOf(policy: ThrottlePolicy) {
  return { consume: consumeQuery(policy), fail: failQuery(policy) }
}

const queriesByPolicy = new Map(THROTTLE_POLICIES.map((policy) => [policy, queriesOf(policy)]))

function queriesFor(key: string): ReturnType<typeof queriesOf> {
  const queries = queriesByPolicy.get(policyOf(key))
  // Those of another policy would lock out what only waits by its own.
  if (queries === undefined) throw new Error(`No query counts in the bucket ${key}`)
  return queries
}

/** `backoffAfter` in SQL: when the block ends that follows so many failures, the last of them at `from`. */
function blockEnd(failures: RawBuilder<number>, from: RawBuilder<number>, policy: ThrottlePolicy): RawBuilder<number> {
  const cases = backoffSteps(policy)
    .filter(({ delay }) => delay > 0)
    .toReversed()
    .map(({ from: least, delay }) => {
      const end = delay === Infinity ? sql.lit(INDEFINITELY) : sql`${from} + ${sql.lit(delay)}`
      return sql`when ${failures} >= ${sql.lit(least)} then ${end}`
    })
  return sql`case ${sql.join(cases, sql` `)} else 0 end`
}

/** Stores with a bucket the id of the event that records its block. */
export const setBlockEvent = preparedQuery((db: Database, key: string, event: string) =>
  db.updateTable('throttle_bucket').set({ block_event_id: event }).where('key', '=', key),
)

/** Ends one pending guess that is no failure. */
export const refundBucket = preparedQuery((db: Database, key: string) =>
  db.updateTable('throttle_bucket').set({ pending: onePendingLess }).where('key', '=', key).where('pending', '>', 0),
)

/** One bucket per statement: PostgreSQL would lock the rows of a list in an order of its own (deadlock). */
export const deleteBucket = preparedQuery((db: Database, key: string) =>
  db.deleteFrom('throttle_bucket').where('key', '=', key),
)

/** Deletes all buckets of a user; returns how many. */
export async function deleteUserBuckets(db: Database, subject: string): Promise<number> {
  const [from, to] = rangeOf(userPrefix(subject))
  const deleted = await db
    .deleteFrom('throttle_bucket')
    .where('key', '>=', from)
    .where('key', '<', to)
    .executeTakeFirst()
  return Number(deleted.numDeletedRows)
}

/** Deletes the buckets of all clients for one factor of the user; returns how many. */
export async function deleteUserBucketsOf(db: Database, subject: string, factor: GuessedFactor): Promise<number> {
  const [shared = ''] = userBuckets(subject, [factor])
  const [from, to] = rangeOf(`${shared}:`)
  const deleted = await db
    .deleteFrom('throttle_bucket')
    .where((row) => row.or([row('key', '=', shared), row.and([row('key', '>=', from), row('key', '<', to)])]))
    .executeTakeFirst()
  return Number(deleted.numDeletedRows)
}

/** Returns the rows of these buckets; a bucket without a row counts nothing. */
export function bucketsWithKeys(db: Database, keys: readonly string[]): Promise<Selectable<ThrottleBucketTable>[]> {
  return db.selectFrom('throttle_bucket').selectAll().where('key', 'in', keys).execute()
}

export function bucketsOfUser(db: Database, subject: string): Promise<Selectable<ThrottleBucketTable>[]> {
  const [from, to] = rangeOf(userPrefix(subject))
  return db
    .selectFrom('throttle_bucket')
    .selectAll()
    .where('key', '>=', from)
    .where('key', '<', to)
    .orderBy('key')
    .execute()
}
