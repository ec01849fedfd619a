// Deletes buckets without a recent failure, and shortens blocks that a fast clock has written.
import type { Instant } from '../../foundation/kernel/time.ts'
import type { Database } from '../../foundation/platform/database/database.ts'
import { NAME_PREFIX, NETWORK_PREFIX, rangeOf, INDEFINITELY } from './throttle.ts'
import { sql } from 'kysely'
import { CLOCK_TOLERANCE } from '../../foundation/kernel/time.ts'

export interface BucketRun {
  readonly after: string
  /** The last key of the run; undefined means all keys after `after`. */
  readonly end: string | undefined
}

/**
 * Deletes the network buckets of the run that have had no failure since `quietSince` and are not blocked; returns how many. Buckets
 * of users are never deleted by time, because their failures never expire.
 */
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

/** The kinds of buckets that are deleted by time. No index covers the last failure, so each kind is read by key. */
export type QuietKind = 'network' | 'name'

const PREFIXES: Readonly<Record<QuietKind, string>> = { network: NETWORK_PREFIX, name: NAME_PREFIX }

/** Returns the last key of a batch of `count` buckets after `after`; undefined if fewer are left. */
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

/** Deletes the buckets of unknown names without a failure since `quietSince`. Blocked ones too: nothing else unblocks them. */
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

/** Returns the last key of a batch of `count` buckets of any kind after `after`; undefined if fewer are left. */
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

/**
 * For the buckets after `after`, up to `end`, whose last failure lies in the future because a clock was ahead: sets that failure to
 * `now`, so that the block after it lasts its full length from now on and no longer.
 */
export async function clampBuckets(
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
