import { sql } from 'kysely'

import { CLOCK_TOLERANCE } from '../kernel/time.ts'
import type { Instant } from '../kernel/time.ts'
import type { Database } from '../platform/database/schema.ts'
import { INDEFINITELY } from './throttle.ts'

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
