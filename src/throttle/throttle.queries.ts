import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'

import type { Instant } from '../kernel/time.ts'
import { hotQuery } from '../platform/database/hot-query.ts'
import type { Database, ThrottleBucketTable } from '../platform/database/schema.ts'
import {
  delaySteps,
  FOREVER,
  NAME_PREFIX,
  NETWORK_POLICY,
  NETWORK_PREFIX,
  policyOf,
  USER_POLICY,
  userBuckets,
  userPrefix,
} from './throttle.ts'
import type { BucketKind, ThrottlePolicy } from './throttle.ts'

const failuresNow = sql<number>`throttle_bucket.failures`

/** Counts one failure in advance, if the bucket lets it through; no row back means that the guess has to wait. */
export function drawFromBucket(db: Database, key: string, now: Instant) {
  return policyOf(key) === USER_POLICY ? drawAsUser(db, key, now) : drawAsNetwork(db, key, now)
}

const drawAsUser = drawQuery(USER_POLICY)
const drawAsNetwork = drawQuery(NETWORK_POLICY)

function drawQuery(policy: ThrottlePolicy) {
  const now = sql<number>`excluded.last_failure_at`
  const forgotten = sql`throttle_bucket.last_failure_at + ${sql.lit(policy.forgets)} <= ${now}`
  const grown =
    policy.forgets === null
      ? sql<number>`${failuresNow} + 1`
      : sql<number>`case when ${forgotten} then 1 else ${failuresNow} + 1 end`
  return hotQuery((db: Database, key: string, at: Instant) =>
    db
      .insertInto('throttle_bucket')
      // The first failure is free by every policy.
      .values({ key, failures: 1, last_failure_at: at, blocked_until: 0 })
      .onConflict((conflict) =>
        conflict
          .column('key')
          .doUpdateSet({
            failures: grown,
            last_failure_at: now,
            blocked_until: waitEnd(grown, now, policy),
            // Whoever sees that it closed writes the event, and its id here.
            closed_by: null,
          })
          .where('throttle_bucket.blocked_until', '<=', at),
      )
      .returning(['failures', 'blocked_until as blockedUntil']),
  )
}

/** `delayAfter` in SQL: when the wait ends that follows so many failures, the last of them at `from`. */
function waitEnd(failures: RawBuilder<number>, from: RawBuilder<number>, policy: ThrottlePolicy): RawBuilder<number> {
  const cases = delaySteps(policy)
    .filter(({ delay }) => delay > 0)
    .toReversed()
    .map(({ from: least, delay }) => {
      const end = delay === Infinity ? sql.lit(FOREVER) : sql`${from} + ${sql.lit(delay)}`
      return sql`when ${failures} >= ${sql.lit(least)} then ${end}`
    })
  return sql`case ${sql.join(cases, sql` `)} else 0 end`
}

/** Keeps with a bucket the id of the event that tells why it is closed. */
export const noteClosedBy = hotQuery((db: Database, key: string, event: string) =>
  db.updateTable('throttle_bucket').set({ closed_by: event }).where('key', '=', key),
)

/** Takes one failure back. */
export function refundBucket(db: Database, key: string) {
  return policyOf(key) === USER_POLICY ? refundAsUser(db, key) : refundAsNetwork(db, key)
}

const refundAsUser = refundQuery(USER_POLICY)
const refundAsNetwork = refundQuery(NETWORK_POLICY)

function refundQuery(policy: ThrottlePolicy) {
  const left = sql<number>`(${failuresNow} - 1)`
  return hotQuery((db: Database, key: string) =>
    db
      .updateTable('throttle_bucket')
      .set({
        failures: left,
        blocked_until: waitEnd(left, sql`throttle_bucket.last_failure_at`, policy),
        closed_by: sql<
          string | null
        >`case when ${left} < ${sql.lit(policy.free)} then null else throttle_bucket.closed_by end`,
      })
      .where('key', '=', key)
      .where('failures', '>', 0),
  )
}

/** One at a time: a list would be locked in whatever order PostgreSQL finds it. */
export const deleteBucket = hotQuery((db: Database, key: string) =>
  db.deleteFrom('throttle_bucket').where('key', '=', key),
)

export async function deleteUserBuckets(db: Database, subject: string): Promise<number> {
  const [from, to] = rangeOf(userPrefix(subject))
  const deleted = await db
    .deleteFrom('throttle_bucket')
    .where('key', '>=', from)
    .where('key', '<', to)
    .executeTakeFirst()
  return Number(deleted.numDeletedRows)
}

/** Everybody's buckets for one thing of the user's that can be guessed. */
export async function deleteUserBucketsOf(db: Database, subject: string, kind: BucketKind): Promise<number> {
  const [shared = ''] = userBuckets(subject, [kind])
  const [from, to] = rangeOf(`${shared}:`)
  const deleted = await db
    .deleteFrom('throttle_bucket')
    .where((row) => row.or([row('key', '=', shared), row.and([row('key', '>=', from), row('key', '<', to)])]))
    .executeTakeFirst()
  return Number(deleted.numDeletedRows)
}

export interface BucketRun {
  readonly after: string
  /** The last one; undefined for all that follow. */
  readonly end: string | undefined
}

/** Networks of the run that have been quiet; what a user's bucket counts is not forgotten by waiting. */
export async function deleteQuietNetworks(
  db: Database,
  { after, end }: BucketRun,
  quietSince: Instant,
  now: Instant,
): Promise<number> {
  const [from, to] = rangeOf(NETWORK_PREFIX)
  const deleted = await db
    .deleteFrom('throttle_bucket')
    .where('key', '>', after || from)
    .where('key', '<=', end ?? to)
    .where('last_failure_at', '<=', quietSince)
    .where('blocked_until', '<=', now)
    .executeTakeFirst()
  return Number(deleted.numDeletedRows)
}

/** Buckets of which no index says which have been quiet. */
export type QuietKind = 'network' | 'name'

const PREFIXES: Readonly<Record<QuietKind, string>> = { network: NETWORK_PREFIX, name: NAME_PREFIX }

/** Where a batch of so many buckets ends that begins behind `after`; undefined where no more are left. */
export async function endOfBuckets(
  db: Database,
  kind: QuietKind,
  after: string,
  count: number,
): Promise<string | undefined> {
  const [from, to] = rangeOf(PREFIXES[kind])
  const row = await db
    .selectFrom('throttle_bucket')
    .select('key')
    .where('key', '>', after || from)
    .where('key', '<', to)
    .orderBy('key')
    .offset(count - 1)
    .limit(1)
    .executeTakeFirst()
  return row?.key
}

/** Names of the run at which nobody failed since. Shut ones too: nothing else opens them. */
export async function deleteQuietNames(db: Database, { after, end }: BucketRun, quietSince: Instant): Promise<number> {
  const [from, to] = rangeOf(NAME_PREFIX)
  const deleted = await db
    .deleteFrom('throttle_bucket')
    .where('key', '>', after || from)
    .where('key', '<=', end ?? to)
    .where('last_failure_at', '<=', quietSince)
    .executeTakeFirst()
  return Number(deleted.numDeletedRows)
}

export function bucketsWithKeys(db: Database, keys: readonly string[]): Promise<ThrottleBucketTable[]> {
  return db.selectFrom('throttle_bucket').selectAll().where('key', 'in', keys).execute()
}

export function bucketsOfUser(db: Database, subject: string): Promise<ThrottleBucketTable[]> {
  const [from, to] = rangeOf(userPrefix(subject))
  return db
    .selectFrom('throttle_bucket')
    .selectAll()
    .where('key', '>=', from)
    .where('key', '<', to)
    .orderBy('key')
    .execute()
}

/** The keys with a prefix that ends in a colon: up to the character after it. */
function rangeOf(prefix: string): [from: string, to: string] {
  return [prefix, `${prefix.slice(0, -1)};`]
}
