// Deletes buckets without a recent failure, and shortens blocks that a fast clock has written.
import { sql } from 'kysely'

import { CLOCK_TOLERANCE, type Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { INDEFINITELY, rangeOf } from './throttle.ts'

/** Buckets with consecutive keys: those after `after`, up to `end`; undefined means all keys after `after`. */
export interface BucketRun {
  readonly after: string
  readonly end: string | undefined
}

/**
 * Deletes the buckets of the run, whose keys have this prefix, that have had no failure since `quietSince`; returns how many.
 * @param unblockedAt leaves the buckets that are still blocked at this instant; with undefined, blocked ones are deleted too
 */
export async function deleteQuiet(
  db: Database,
  prefix: string,
  { after, end }: BucketRun,
  { quietSince, unblockedAt }: { readonly quietSince: Instant; readonly unblockedAt: Instant | undefined },
): Promise<number> {
  const [from, to] = rangeOf(prefix)
  const deleted = await db
    .deleteFrom('throttle_bucket')
    .where('key', '>', after || from)
    .where('key', '<=', end ?? to)
    .where('last_failure_at', '<=', quietSince)
    .$if(unblockedAt !== undefined, (query) => query.where('blocked_until', '<=', unblockedAt ?? 0))
    .executeTakeFirst()
  return Number(deleted.numDeletedRows)
}

/** Returns the last key of a batch of `count` buckets after `after`, of all or with this prefix; undefined if fewer are left. */
export async function endOfBatch(
  db: Database,
  after: string,
  count: number,
  prefix?: string,
): Promise<string | undefined> {
  const [from, to] = prefix === undefined ? ['', ''] : rangeOf(prefix)
  const row = await db
    .selectFrom('throttle_bucket')
    .select('key')
    .where('key', '>', after || from)
    .$if(prefix !== undefined, (query) => query.where('key', '<', to))
    .orderBy('key')
    .offset(count - 1)
    .limit(1)
    .executeTakeFirst()
  return row?.key
}

/**
 * For the buckets of the run whose last failure lies in the future because a clock was ahead: sets that failure to `now`, so that the
 * block after it lasts its full length from now on and no longer.
 */
export async function clampBuckets(db: Database, { after, end }: BucketRun, now: Instant): Promise<void> {
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
