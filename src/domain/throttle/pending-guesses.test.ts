// Guesses that were allowed and got no outcome: their process was killed, or the database became unreachable.
import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { inTransaction } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { minutes, seconds } from '#foundation/kernel/time.ts'
import { contextOn, onBothEngines } from '#test/support/databases/stores.ts'
import {
  failuresIn,
  GUESS,
  guessWrong,
  later,
  NETWORK,
  outcomeOf,
  PASSWORD,
  pendingIn,
  setBucket,
  type Ctx,
} from '#test/support/people/guess-buckets.ts'
import {
  consumeGuess,
  networkBucket,
  recordFailure,
  recordSuccess,
  refundGuess,
  refundOnBusy,
  userBuckets,
} from './throttle.service.ts'
import { guessAllowedFrom, INDEFINITELY, PENDING_LEASE } from './throttle.ts'

const ONLY_NETWORK = { network: NETWORK, buckets: [] }

/** Consumes that many guesses, which get no outcome. */
async function interrupt(ctx: Ctx, times: number, guess = GUESS): Promise<void> {
  for (let time = 0; time < times; time++) await consumeGuess(ctx, guess)
}

onBothEngines(
  'five interrupted guesses block their user for the lease, and do not count as failures',
  async (_, db) => {
    const ctx = contextOn(db)
    await interrupt(ctx, 5)
    assert.equal(await outcomeOf(consumeGuess(ctx, GUESS)), PENDING_LEASE / 1000)
    assert.equal(await outcomeOf(consumeGuess(later(ctx, PENDING_LEASE - 1), GUESS)), 1)
    const after = later(ctx, PENDING_LEASE)
    for (let guess = 0; guess < 5; guess++) assert.equal(await outcomeOf(guessWrong(after, GUESS)), 'counted')
    assert.equal(await outcomeOf(consumeGuess(after, GUESS)), 30)
    assert.equal(await failuresIn(db, PASSWORD), 5)
  },
)

onBothEngines('interrupted guesses cause no lockout and no event', async (_, db) => {
  const ctx = contextOn(db)
  await setBucket(db, PASSWORD, 99, ctx.now - 1)
  await interrupt(ctx, 1)
  assert.equal(await outcomeOf(consumeGuess(ctx, GUESS)), PENDING_LEASE / 1000)
  assert.deepEqual(await db.selectFrom('audit_event').select('action').execute(), [])
  const row = await db.selectFrom('throttle_bucket').selectAll().where('key', '=', PASSWORD).executeTakeFirstOrThrow()
  assert.deepEqual([row.failures, row.blocked_until, row.block_event_id], [99, 0, null])
  await guessWrong(later(ctx, PENDING_LEASE), GUESS)
  const { blocked_until: until } = await db
    .selectFrom('throttle_bucket')
    .select('blocked_until')
    .where('key', '=', PASSWORD)
    .executeTakeFirstOrThrow()
  assert.equal(until, INDEFINITELY, 'the hundredth wrong guess locks the bucket')
})

onBothEngines('interrupted guesses of a network that is never quiet stop counting', async (_, db) => {
  const ctx = contextOn(db)
  for (let crash = 0; crash < 5; crash++) {
    const now = later(ctx, crash * PENDING_LEASE)
    await interrupt(now, 66, ONLY_NETWORK)
    for (let guess = 0; guess < 33; guess++) {
      const other = { network: NETWORK, buckets: userBuckets(`s${crash}-${guess}`, ['password']) }
      await consumeGuess(later(now, guess * seconds(0.9)), other)
      await recordSuccess(now, other)
    }
  }
  assert.equal(await failuresIn(db, networkBucket(NETWORK)), 0)
})

onBothEngines('a guess that takes longer than the lease counts when it fails', async (_, db) => {
  const ctx = contextOn(db)
  await interrupt(ctx, 5)
  const after = later(ctx, PENDING_LEASE)
  await consumeGuess(after, GUESS)
  for (let guess = 0; guess < 6; guess++) await inTransaction(ctx, (tx) => recordFailure(tx, GUESS))
  assert.deepEqual([await failuresIn(db, PASSWORD), await pendingIn(db, PASSWORD)], [6, 0])
})

onBothEngines(
  'after the first backoff one guess is allowed at a time, however many run in parallel',
  async (_, db, store) => {
    const nodes = [contextOn(db), contextOn(await store.open())]
    for (let guess = 0; guess < 5; guess++) await guessWrong(nodes[0]!, GUESS)
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_unused, index) =>
        outcomeOf(consumeGuess(later(nodes[index % 2]!, minutes(1)), GUESS)),
      ),
    )
    assert.equal(outcomes.filter((outcome) => outcome === 'counted').length, 1)
  },
)

onBothEngines('parallel guesses that fail are all counted, on each node', async (_, db, store) => {
  const nodes = [contextOn(db), contextOn(await store.open())]
  await Promise.all(Array.from({ length: 5 }, (_unused, index) => guessWrong(nodes[index % 2]!, GUESS)))
  for (const key of [PASSWORD, networkBucket(NETWORK)])
    assert.deepEqual([await failuresIn(db, key), await pendingIn(db, key)], [5, 0], key)
})

onBothEngines(
  'a program of the previous version, which does not know pending guesses, counts and blocks correctly beside this one',
  async (_, db) => {
    const ctx = contextOn(db)
    // The previous version writes a failure in advance, with its backoff, which it reverts if the guess was right.
    const older = { key: PASSWORD, failures: 5, last_failure_at: ctx.now, blocked_until: ctx.now + seconds(30) }
    await db.insertInto('throttle_bucket').values(older).execute()
    assert.equal(await outcomeOf(consumeGuess(ctx, GUESS)), 30)
    await db.updateTable('throttle_bucket').set({ failures: 4, blocked_until: 0 }).where('key', '=', PASSWORD).execute()
    await consumeGuess(ctx, GUESS)
    await db.updateTable('throttle_bucket').set({ failures: 5 }).where('key', '=', PASSWORD).execute()
    await refundGuess(ctx, GUESS)
    assert.deepEqual([await failuresIn(db, PASSWORD), await pendingIn(db, PASSWORD)], [5, 0])
    // It deletes the row if its guess was right; the outcome of a pending guess of this version then inserts a new row.
    await consumeGuess(ctx, GUESS)
    await db.deleteFrom('throttle_bucket').execute()
    await inTransaction(ctx, (tx) => recordFailure(tx, GUESS))
    assert.equal(await failuresIn(db, PASSWORD), 1)
  },
)

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

const COUNTS = [
  [0, 4, 0],
  [0, 5, 0],
  [3, 1, 1],
  [3, 2, PENDING_LEASE - 1],
  [3, 2, PENDING_LEASE],
  [3, 2, 1 - PENDING_LEASE],
  [3, 2, -PENDING_LEASE],
  [50, 0, 0],
  [50, 1, 0],
  [99, 1, 0],
  [98, 1, 0],
] as const

onBothEngines('the database allows exactly the guesses that the rule allows', async (_, db) => {
  const ctx = contextOn(db)
  const rows = [PASSWORD, networkBucket(NETWORK)].flatMap((key) =>
    COUNTS.flatMap(([failures, pending, age]) =>
      [0, minutes(60)].map((since) => {
        const bucket = { key, failures, last_failure_at: ctx.now - since, blocked_until: 0 }
        return { ...bucket, pending, pending_since: ctx.now - age }
      }),
    ),
  )
  for (const row of rows) {
    await db.deleteFrom('throttle_bucket').execute()
    await db.insertInto('throttle_bucket').values(row).execute()
    const guess = row.key === PASSWORD ? { network: null, buckets: [PASSWORD] } : ONLY_NETWORK
    const isAllowed = (await outcomeOf(consumeGuess(ctx, guess))) === 'counted'
    assert.equal(isAllowed, guessAllowedFrom(row, ctx.now) <= ctx.now, JSON.stringify(row))
  }
})

test('without failures or a block in force no guess waits longer than twice the lease', () => {
  const bucket = fc.record({
    key: fc.constantFrom(PASSWORD, networkBucket(NETWORK)),
    failures: fc.nat(300),
    last_failure_at: fc.nat(minutes(120)),
    blocked_until: fc.constant(0),
    pending: fc.nat(300),
    pending_since: fc.nat(minutes(120)),
  })
  fc.assert(
    fc.property(bucket, fc.nat(minutes(120)), (some, now) => {
      assert.ok(guessAllowedFrom(some, now) - now < 2 * PENDING_LEASE)
      assert.ok(some.pending_since > now || guessAllowedFrom(some, now) - now <= PENDING_LEASE)
    }),
  )
})
