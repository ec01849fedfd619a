import assert from 'node:assert/strict'

import { hours } from '../../foundation/kernel/time.ts'
import {
  failuresIn,
  GUESS,
  later,
  NETWORK,
  PASSWORD,
  pendingIn,
  setBucket,
} from '../../../test/support/people/guess-buckets.ts'
import { contextOn, onBothEngines } from '../../../test/support/databases/stores.ts'
import { Refusal } from '../../foundation/kernel/refusal.ts'
import { deleteQuietBuckets } from './bucket-cleanup.service.ts'
import { consumeGuess, refundOnBusy, networkBucket } from './throttle.service.ts'

for (const [what, error, pending] of [
  ['fails', new Error('The disk is full'), 1],
  ['is refused', new Refusal('attempt.ended'), 1],
  ['is rejected by a busy hasher', new Refusal('service.busy', { retryAfter: 1 }), 0],
] as const) {
  onBothEngines(`a verification that ${what} leaves ${pending} pending guesses`, async (_, db) => {
    const ctx = contextOn(db)
    await consumeGuess(ctx, GUESS)
    const verification = refundOnBusy(ctx, GUESS, () => Promise.reject(error))
    await assert.rejects(verification, (thrown) => thrown === error)
    for (const key of [PASSWORD, networkBucket(NETWORK)]) assert.equal(await pendingIn(db, key), pending, key)
  })
}

onBothEngines('the bucket of a blocked network is not deleted, however long it has had no failure', async (_, db) => {
  const ctx = contextOn(db)
  const key = networkBucket(NETWORK)
  await setBucket(db, key, 200, ctx.now)
  const until = ctx.now + hours(3)
  await db.updateTable('throttle_bucket').set({ blocked_until: until }).where('key', '=', key).execute()
  await deleteQuietBuckets(later(ctx, hours(3) - 1))
  assert.equal(await failuresIn(db, key), 200)
  await deleteQuietBuckets(later(ctx, hours(3)))
  assert.equal(await failuresIn(db, key), undefined)
})
