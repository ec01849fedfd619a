import { sql } from 'kysely'

import { CLOCK_TOLERANCE } from '../kernel/time.ts'
import type { Instant } from '../kernel/time.ts'
import type { Database } from '../platform/database/schema.ts'
import { FOREVER } from './throttle.ts'

/** Where a batch of so many buckets of any kind ends that begins behind `after`; undefined where no more are left. */
export async function endOfBuckets(db: Database, after: string, count: number): Promise<string | undefined> {
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

/** Failures behind `after`, up to `end`, that a clock stamped which was ahead: they happened now, and the wait begins now. */
export async function cutBuckets(
  db: Database,
  { after, end }: { readonly after: string; readonly end: string | undefined },
  now: Instant,
): Promise<void> {
  await db
    .updateTable('throttle_bucket')
    .set({
      last_failure_at: now,
      blocked_until: sql<number>`case when blocked_until > last_failure_at and blocked_until < ${sql.lit(FOREVER)}
        then blocked_until - last_failure_at + ${now} else blocked_until end`,
    })
    .where('key', '>', after)
    .$if(end !== undefined, (query) => query.where('key', '<=', end ?? ''))
    .where('last_failure_at', '>', now + CLOCK_TOLERANCE)
    .execute()
}
