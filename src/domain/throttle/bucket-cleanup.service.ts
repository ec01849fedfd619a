// Deletes the buckets that no longer count: quiet networks, and names without a user. Cuts waits that would last too long.
import { setImmediate as nextTurn } from 'node:timers/promises'

import type { With } from '../../foundation/context.ts'
import * as queries from './bucket-cleanup.queries.ts'
import { cutBuckets, endOfBucketBatch } from './bucket-cleanup.queries.ts'
import { NAMES_KEPT, NETWORK_POLICY } from './throttle.ts'

/** Buckets looked at by one statement. */
const BATCH = 1000

/** Returns how many rows there were. */
export async function deleteQuietBuckets({ db, now }: With<'db' | 'now'>): Promise<number> {
  const quiet = now - (NETWORK_POLICY.resetAfter ?? 0)
  const networks = await forgetQuiet(db, 'network', (run) => queries.deleteQuietNetworks(db, run, quiet, now))
  return networks + (await forgetQuiet(db, 'name', (run) => queries.deleteQuietNames(db, run, now - NAMES_KEPT)))
}

/** No index says which are quiet: all are read, a batch at a time, so that nobody waits for two million rows. */
async function forgetQuiet(
  db: With<'db'>['db'],
  kind: queries.QuietKind,
  forget: (run: queries.BucketRun) => Promise<number>,
): Promise<number> {
  let forgotten = 0
  for (let after = ''; ;) {
    const end = await queries.endOfQuietBatch(db, kind, after, BATCH)
    forgotten += await forget({ after, end })
    if (end === undefined) return forgotten
    after = end
    await nextTurn()
  }
}

/** A wait that began while a clock was ahead lasts as long as any other, from now on. In batches, too. */
export async function clampBucketTimes({ db, now }: With<'db' | 'now'>): Promise<void> {
  for (let after = ''; ;) {
    const end = await endOfBucketBatch(db, after, BATCH)
    await cutBuckets(db, { after, end }, now)
    if (end === undefined) return
    after = end
    await nextTurn()
  }
}
