// Deletes the buckets that no longer count: quiet networks, and unknown names. Shortens blocks that would last too long.
import { setImmediate as nextTurn } from 'node:timers/promises'

import type { With } from '../../foundation/context.ts'
import * as queries from './bucket-cleanup.queries.ts'
import { clampBuckets, endOfBucketBatch } from './bucket-cleanup.queries.ts'
import { NAMES_KEPT, NETWORK_POLICY } from './throttle.ts'

/** How many buckets one statement reads. */
const BATCH = 1000

/** Deletes the quiet buckets of networks and of unknown names; returns how many rows were deleted. */
export async function deleteQuietBuckets({ db, now }: With<'db' | 'now'>): Promise<number> {
  const quiet = now - (NETWORK_POLICY.resetAfter ?? 0)
  const networks = await deleteInBatches(db, 'network', (run) => queries.deleteQuietNetworks(db, run, quiet, now))
  return networks + (await deleteInBatches(db, 'name', (run) => queries.deleteQuietNames(db, run, now - NAMES_KEPT)))
}

/** No index covers the last failure, so all buckets are read, in batches, between which requests are answered. */
async function deleteInBatches(
  db: With<'db'>['db'],
  kind: queries.QuietKind,
  deleteRun: (run: queries.BucketRun) => Promise<number>,
): Promise<number> {
  let deleted = 0
  for (let after = ''; ;) {
    const end = await queries.endOfQuietBatch(db, kind, after, BATCH)
    deleted += await deleteRun({ after, end })
    if (end === undefined) return deleted
    after = end
    await nextTurn()
  }
}

/** Lets a block that began while a clock was ahead last its usual length from now on. Works in batches. */
export async function clampBucketTimes({ db, now }: With<'db' | 'now'>): Promise<void> {
  for (let after = ''; ;) {
    const end = await endOfBucketBatch(db, after, BATCH)
    await clampBuckets(db, { after, end }, now)
    if (end === undefined) return
    after = end
    await nextTurn()
  }
}
