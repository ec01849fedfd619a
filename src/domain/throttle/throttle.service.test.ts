import assert from 'node:assert/strict'

import { inTransaction } from '#foundation/context.ts'
import { days, hours, seconds } from '#foundation/kernel/time.ts'
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
} from '#test/support/people/guess-buckets.ts'
import { deleteQuietBuckets } from './bucket-cleanup.service.ts'
import { throttleState } from './throttle-state.service.ts'
import {
  consumeGuess,
  networkBucket,
  recordFailure,
  recordSuccess,
  refundGuess,
  resetBuckets,
  resetUserBuckets,
  userBuckets,
} from './throttle.service.ts'
import {
  backoffAfter,
  CLIENT_POLICY,
  clientBucket,
  INDEFINITELY,
  MAIL_POLICY,
  NAME_POLICY,
  NETWORK_POLICY,
  USER_POLICY,
} from './throttle.ts'

onBothEngines('five guesses are allowed, the sixth is blocked, and a blocked one writes nothing', async (_, db) => {
  const ctx = contextOn(db)
  for (let guess = 0; guess < 5; guess++) assert.equal(await outcomeOf(guessWrong(ctx, GUESS)), 'counted')
  const before = await db.selectFrom('throttle_bucket').selectAll().orderBy('key').execute()
  assert.equal(await outcomeOf(consumeGuess(ctx, GUESS)), 30)
  assert.equal(await outcomeOf(consumeGuess(later(ctx, seconds(29)), GUESS)), 1)
  assert.deepEqual(await db.selectFrom('throttle_bucket').selectAll().orderBy('key').execute(), before)
  assert.equal(await outcomeOf(guessWrong(later(ctx, seconds(30)), GUESS)), 'counted')
  assert.equal(await outcomeOf(consumeGuess(later(ctx, seconds(30)), GUESS)), 60)
})

onBothEngines('of fifty parallel guesses exactly five are allowed', async (_, db, store) => {
  const nodes = [contextOn(db), contextOn(await store.open())]
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, (_unused, index) => outcomeOf(consumeGuess(nodes[index % 2]!, GUESS))),
  )
  assert.equal(outcomes.filter((outcome) => outcome === 'counted').length, 5)
  for (const key of [PASSWORD, networkBucket(NETWORK)])
    assert.deepEqual([await failuresIn(db, key), await pendingIn(db, key)], [0, 5], key)
})

onBothEngines('the database computes failures and blocks exactly as the rule does', async (_, db) => {
  const ctx = contextOn(db)
  for (const [key, policy] of [
    [PASSWORD, USER_POLICY],
    [networkBucket('192.0.2.1'), NETWORK_POLICY],
    [clientBucket(7), CLIENT_POLICY],
    ['user-code:s1', CLIENT_POLICY],
    ['user-code-network:192.0.2.1', NETWORK_POLICY],
    ['mail:ada', MAIL_POLICY],
    ['name:ada:name', NAME_POLICY],
  ] as const) {
    for (const failures of [1, 3, 4, 5, 6, 11, 12, 98, 99, 100, 104, 200]) {
      await db.deleteFrom('throttle_bucket').execute()
      await setBucket(db, key, failures - 1, ctx.now - 1)
      await guessWrong(ctx, { network: null, buckets: [key] })
      const row = await db.selectFrom('throttle_bucket').selectAll().where('key', '=', key).executeTakeFirstOrThrow()
      const wait = backoffAfter(failures, policy)
      const until = wait === 0 ? 0 : Math.min(ctx.now + wait, INDEFINITELY)
      assert.deepEqual([row.failures, row.blocked_until], [failures, until], `${key} ${failures}`)
    }
  }
})

onBothEngines(
  'a hundred failures lock a bucket until it is reset, and the wait announced is an hour',
  async (_, db) => {
    const ctx = contextOn(db)
    await setBucket(db, PASSWORD, 99, ctx.now)
    await guessWrong(ctx, GUESS)
    assert.equal(await outcomeOf(consumeGuess(later(ctx, hours(24 * 365)), GUESS)), 3600)
    assert.deepEqual(await throttleState(ctx, 's1'), [
      {
        key: PASSWORD,
        kind: 'password',
        clientClass: 'untrusted',
        failures: 100,
        blockedUntil: INDEFINITELY,
        isLockedOut: true,
      },
    ])
    assert.deepEqual(await throttleState(ctx, 's'), [])
    assert.equal(await resetUserBuckets(ctx, 's1'), 1)
    assert.equal(await outcomeOf(consumeGuess(ctx, GUESS)), 'counted')
  },
)

onBothEngines(
  'a blocked network rejects all its guesses, and the guesses at a blocked user do not count in the network',
  async (_, db) => {
    const ctx = contextOn(db)
    await setBucket(db, networkBucket(NETWORK), 99, ctx.now)
    await guessWrong(ctx, GUESS)
    assert.equal(await outcomeOf(consumeGuess(ctx, { network: NETWORK, buckets: userBuckets('s2', ['password']) })), 30)
    assert.equal(await outcomeOf(guessWrong(ctx, { network: '192.0.2.2', buckets: [PASSWORD] })), 'counted')
    for (let guess = 0; guess < 3; guess++) await guessWrong(ctx, { network: '192.0.2.3', buckets: [PASSWORD] })
    assert.equal(await outcomeOf(consumeGuess(ctx, { network: '192.0.2.3', buckets: [PASSWORD] })), 30)
    assert.equal(await failuresIn(db, networkBucket('192.0.2.3')), 3)
  },
)

onBothEngines(
  'the count of a network resets after an hour without a failure, that of a user does not',
  async (_, db) => {
    const ctx = contextOn(db)
    for (let guess = 0; guess < 3; guess++) await guessWrong(ctx, GUESS)
    await guessWrong(later(ctx, hours(1)), GUESS)
    assert.equal(await failuresIn(db, networkBucket(NETWORK)), 1)
    assert.equal(await failuresIn(db, PASSWORD), 4)
    assert.equal(await deleteQuietBuckets(later(ctx, hours(2) - 1)), 0)
    assert.equal(await deleteQuietBuckets(later(ctx, hours(2))), 1)
    assert.equal(await failuresIn(db, PASSWORD), 4)
  },
)

onBothEngines(
  'the bucket of an unknown username is deleted after thirty days, locked or not, and that of a user never',
  async (_, db) => {
    const ctx = contextOn(db)
    // More than one batch, with the bucket of a user among them in the order of keys.
    const quiet = Array.from({ length: 1100 }, (_unused, index) => `name:${index}:password`)
    const rows = [...quiet, PASSWORD].map((key, index) => {
      const isLockedOut = index % 2 === 0
      return { key, failures: 100, last_failure_at: ctx.now, blocked_until: isLockedOut ? INDEFINITELY : 0 }
    })
    await db.insertInto('throttle_bucket').values(rows).execute()
    await setBucket(db, 'name:7:code', 1, ctx.now + 1)
    assert.equal(await deleteQuietBuckets(later(ctx, days(30) - 1)), 0)
    assert.equal(await deleteQuietBuckets(later(ctx, days(30))), 1100)
    assert.deepEqual([await failuresIn(db, PASSWORD), await failuresIn(db, 'name:7:code')], [100, 1])
    assert.equal(await deleteQuietBuckets(later(ctx, days(30) + 1)), 1)
  },
)

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

onBothEngines('a right guess resets its buckets, and the failures of the network stay as they were', async (_, db) => {
  const ctx = contextOn(db)
  for (let guess = 0; guess < 3; guess++) await guessWrong(ctx, GUESS)
  await consumeGuess(ctx, GUESS)
  await inTransaction(ctx, (inside) => recordSuccess(inside, GUESS))
  assert.equal(await failuresIn(db, PASSWORD), undefined)
  assert.deepEqual([await failuresIn(db, networkBucket(NETWORK)), await pendingIn(db, networkBucket(NETWORK))], [3, 0])
})

onBothEngines('guesses and outcomes of one user from one network never deadlock', async (_, db, store) => {
  const nodes = [contextOn(db), contextOn(await store.open())] as const
  const outcomes = await Promise.allSettled(
    Array.from({ length: 40 }, async (_unused, index) => {
      const ctx = nodes[index % 2 === 0 ? 0 : 1]
      if (index % 4 < 2) return outcomeOf(consumeGuess(ctx, GUESS))
      // Without a retry: a deadlock must not happen at all.
      return ctx.db.transact(async (trx) => {
        const tx = { ...ctx, db: trx }
        return index % 8 < 4 ? recordSuccess(tx, GUESS) : recordFailure(tx, GUESS)
      })
    }),
  )
  assert.deepEqual(
    outcomes.filter(({ status }) => status === 'rejected'),
    [],
  )
})

onBothEngines('a refunded guess leaves failures and blocks as they were', async (_, db) => {
  const ctx = contextOn(db)
  for (let guess = 0; guess < 4; guess++) await guessWrong(ctx, GUESS)
  await consumeGuess(ctx, GUESS)
  await refundGuess(ctx, GUESS)
  assert.deepEqual([await failuresIn(db, PASSWORD), await pendingIn(db, PASSWORD)], [4, 0])
  assert.equal(await outcomeOf(guessWrong(ctx, GUESS)), 'counted')
  await refundGuess(ctx, GUESS)
  assert.equal(await outcomeOf(consumeGuess(ctx, GUESS)), 30)
  assert.deepEqual([await failuresIn(db, PASSWORD), await pendingIn(db, PASSWORD)], [5, 0])
})

onBothEngines('a guess stays pending if the transaction of its outcome is rolled back', async (_, db) => {
  const ctx = contextOn(db)
  await consumeGuess(ctx, GUESS)
  const outcome = inTransaction(ctx, async (inside) => {
    await recordFailure(inside, GUESS)
    await resetBuckets(inside, GUESS.buckets)
    throw new Error('the outcome fails')
  })
  await assert.rejects(outcome, /the outcome fails/)
  assert.deepEqual([await failuresIn(db, PASSWORD), await pendingIn(db, PASSWORD)], [0, 1])
})

onBothEngines('a guess cannot be consumed inside a transaction that could roll it back', async (_, db) => {
  const ctx = contextOn(db)
  await assert.rejects(
    inTransaction(ctx, (inside) => consumeGuess(inside, GUESS)),
    /outside any other transaction/,
  )
})
