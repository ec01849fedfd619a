// Deletes the buckets that no longer count: quiet networks, and unknown names. Shortens blocks that would last too long.
import { setImmediate as nextTurn } from 'node:timers/promises'

import type { With } from '#foundation/context.ts'
import { type BucketRun, clampBuckets, deleteQuiet, endOfBatch } from './bucket-cleanup.queries.ts'
import {
  CLIENT_POLICY,
  CLIENT_PREFIX,
  MAIL_POLICY,
  MAIL_PREFIX,
  NAME_PREFIX,
  NAMES_KEPT,
  NETWORK_POLICY,
  NETWORK_PREFIX,
  USER_CODE_NETWORK_PREFIX,
  USER_CODE_PREFIX,
} from './throttle.ts'

/** How many buckets one statement reads. */
const BATCH = 1000

/** The buckets whose failures expire, with the policy that says when. */
const QUIET = [
  [NETWORK_PREFIX, NETWORK_POLICY],
  [MAIL_PREFIX, MAIL_POLICY],
  [CLIENT_PREFIX, CLIENT_POLICY],
  [USER_CODE_PREFIX, CLIENT_POLICY],
  [USER_CODE_NETWORK_PREFIX, NETWORK_POLICY],
] as const

/**
 * Deletes the quiet buckets of networks, of recovery mails, of apps, of user codes and of unknown names; returns how many rows were deleted. Blocked names too: nothing else
 * unblocks them. Buckets of users are never deleted by time, because their failures never expire.
 */
export async function deleteQuietBuckets({ db, now }: With<'db' | 'now'>): Promise<number> {
  let deleted = 0
  for (const [prefix, { resetAfter }] of QUIET) {
    const quiet = { quietSince: now - (resetAfter ?? 0), unblockedAt: now }
    for await (const run of batches(db, prefix)) deleted += await deleteQuiet(db, prefix, run, quiet)
  }
  const quietNames = { quietSince: now - NAMES_KEPT, unblockedAt: undefined }
  for await (const run of batches(db, NAME_PREFIX)) deleted += await deleteQuiet(db, NAME_PREFIX, run, quietNames)
  return deleted
}

/** Lets a block that began while a clock was ahead last its usual length from now on. */
export async function clampBucketTimes({ db, now }: With<'db' | 'now'>): Promise<void> {
  for await (const run of batches(db)) await clampBuckets(db, run, now)
}

/** No index covers the last failure, so all buckets are read, in batches, between which requests are answered. */
async function* batches(db: With<'db'>['db'], prefix?: string): AsyncGenerator<BucketRun> {
  for (let after = ''; ;) {
    const end = await endOfBatch(db, after, BATCH, prefix)
    yield { after, end }
    if (end === undefined) return
    after = end
    await nextTurn()
  }
}
