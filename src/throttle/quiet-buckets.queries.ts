// Housekeeping of buckets: which have been quiet for so long that they no longer count.
import type { Instant } from '../kernel/time.ts'
import type { Database } from '../platform/database/schema.ts'
import { NAME_PREFIX, NETWORK_PREFIX, rangeOf } from './throttle.ts'

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
