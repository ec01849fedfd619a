import assert from 'node:assert/strict'

import { Refusal } from '#foundation/kernel/refusal.ts'
import { minutes } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { contextOn, onBothEngines } from '#test/support/databases/stores.ts'
import {
  GUESS,
  guessWrong,
  later,
  NETWORK,
  outcomeOf,
  PASSWORD,
  setBucket,
  type Ctx,
} from '#test/support/people/guess-buckets.ts'
import { nameBucket } from './guess.service.ts'
import { consumeGuess, type Guess, networkBucket, userBuckets } from './throttle.service.ts'
import { deviceBuckets } from './throttle.ts'

function eventsOf(db: Database) {
  return db.selectFrom('audit_event').select(['id', 'action', 'target', 'reason', 'details']).orderBy('id').execute()
}

onBothEngines('a block is one event about the user, its end one with the count of blocked guesses', async (_, db) => {
  const ctx = contextOn(db)
  for (let guess = 0; guess < 5; guess++) await guessWrong(ctx, GUESS)
  for (let guess = 0; guess < 7; guess++) await outcomeOf(consumeGuess(ctx, GUESS))
  const [closed, ...none] = await eventsOf(db)
  assert.deepEqual(none, [])
  assert.deepEqual([closed?.action, closed?.target, closed?.reason], ['throttle.blocked', 's1', 'backoff'])
  await consumeGuess(later(ctx, minutes(1)), GUESS)
  const opened = (await eventsOf(db)).filter(({ action }) => action === 'throttle.unblocked')
  assert.equal(opened.length, 1)
  assert.equal(JSON.parse(opened[0]?.details ?? '{}').refused, 7)
  assert.equal(ctx.limits.blockedGuesses.size, 0)
})

onBothEngines('a refusal names the event with its reason, whichever bucket is blocked', async (_, db) => {
  const ctx = contextOn(db)
  const [unknown = ''] = nameBucket(ctx, 'nobody')
  for (const guess of [
    GUESS,
    { network: null, buckets: [unknown] },
    { network: null, buckets: deviceBuckets('s3', ['code'], 'b1') },
  ]) {
    for (let times = 0; times < 5; times++) await guessWrong(ctx, guess)
    assert.equal(await refusedBy(ctx, guess), await lastBlock(db))
  }
  await setBucket(db, networkBucket(NETWORK), 99, ctx.now)
  await guessWrong(ctx, { network: NETWORK, buckets: [] })
  const other: Guess = { network: NETWORK, buckets: userBuckets('s2', ['password']) }
  assert.equal(await refusedBy(ctx, other), await lastBlock(db))
})

onBothEngines('a bucket names the event of its last block', async (_, db) => {
  const ctx = contextOn(db)
  const blockEvent = async () => {
    const row = await db
      .selectFrom('throttle_bucket')
      .select('block_event_id')
      .where('key', '=', PASSWORD)
      .executeTakeFirst()
    return row?.block_event_id
  }
  for (let guess = 0; guess < 5; guess++) {
    assert.ok(!(await blockEvent()))
    await guessWrong(ctx, GUESS)
  }
  const first = await lastBlock(db)
  assert.equal(await blockEvent(), first)
  await guessWrong(later(ctx, minutes(1)), GUESS)
  const second = await lastBlock(db)
  assert.notEqual(second, first)
  assert.equal(await blockEvent(), second)
})

/** Returns the id of the event that the refusal of this guess names. */
async function refusedBy(ctx: Ctx, guess: Guess): Promise<string | undefined> {
  try {
    await consumeGuess(ctx, guess)
  } catch (error) {
    if (error instanceof Refusal) return error.id
  }
  return assert.fail('the guess was allowed')
}

async function lastBlock(db: Database): Promise<string | undefined> {
  return (await eventsOf(db)).findLast(({ action }) => action === 'throttle.blocked')?.id
}
