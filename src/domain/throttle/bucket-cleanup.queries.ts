// Cleaning up buckets: which have been quiet for so long that they no longer count.
import type { Instant } from '../../foundation/kernel/time.ts'
import type { Database } from '../../foundation/platform/database/database.ts'
import { NAME_PREFIX, NETWORK_PREFIX, rangeOf, INDEFINITELY } from './throttle.ts'
import { sql } from 'kysely'
import { CLOCK_TOLERANCE } from '../../foundation/kernel/time.ts'

export interface BucketRun {
  readonly after: string
  /** The last one; undefined means all that follow. */
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

/** Buckets without an index that shows which have been quiet. */
export type QuietKind = 'network' | 'name'

const PREFIXES: Readonly<Record<QuietKind, string>> = { network: NETWORK_PREFIX, name: NAME_PREFIX }

/** The last key of a batch of `count` buckets behind `after`; undefined if fewer are left. */
export async function endOfQuietBatch(
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

/** Names of the batch without a failure since. Locked ones too, because nothing else unlocks them. */
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

/** The last key of a batch of `count` buckets of any kind behind `after`; undefined if fewer are left. */
export async function endOfBucketBatch(db: Database, after: string, count: number): Promise<string | undefined> {
  const row = await db
    .selectFrom('throttle_bucket')
    .select('key')
    .where('key', '>', after)
    .orderBy('key')
    .offset(count - 1)
    .limit(1)
    .executeTakeFirst()
  return row?.key
}

/** Failures of buckets after `after`, up to `end`, that a clock that was ahead stamped: they and their waits begin now. */
export async function cutBuckets(
  db: Database,
  { after, end }: { readonly after: string; readonly end: string | undefined },
  now: Instant,
): Promise<void> {
  await db
    .updateTable('throttle_bucket')
    .set({
      last_failure_at: now,
      blocked_until: sql<number>`case when blocked_until > last_failure_at and blocked_until < ${sql.lit(INDEFINITELY)}
        then blocked_until - last_failure_at + ${now} else blocked_until end`,
    })
    .where('key', '>', after)
    .$if(end !== undefined, (query) => query.where('key', '<=', end ?? ''))
    .where('last_failure_at', '>', now + CLOCK_TOLERANCE)
    .execute()
}
