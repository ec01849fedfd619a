// Guesses at one user from one network, and the counters of their buckets.
import assert from 'node:assert/strict'

import { consumeGuess, type Guess, recordFailure, refusing, userBuckets } from '#domain/throttle/throttle.service.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import type { contextOn } from '../databases/stores.ts'

export const [PASSWORD = ''] = userBuckets('s1', ['password'])
export const NETWORK = '192.0.2.1'
export const GUESS: Guess = { network: NETWORK, buckets: [PASSWORD] }

export type Ctx = ReturnType<typeof contextOn>

export function later(ctx: Ctx, duration: number): Ctx {
  return { ...ctx, now: ctx.now + duration }
}

/** `drawn` when the guess was allowed, else the seconds until the next one is. */
export async function outcomeOf(drawn: Promise<void>): Promise<'counted' | number | undefined> {
  try {
    await drawn
    return 'counted'
  } catch (error) {
    assert.ok(error instanceof Refusal && error.code === 'throttle.blocked', String(error))
    return error.facts.retryAfter
  }
}

/** Consumes a guess and records its failure. */
export async function guessWrong(ctx: Parameters<typeof consumeGuess>[0], guess: Guess): Promise<void> {
  await consumeGuess(ctx, guess)
  await refusing(ctx, guess, (tx) => recordFailure(tx, guess))
}

export async function failuresIn(db: Database, key: string): Promise<number | undefined> {
  const row = await db.selectFrom('throttle_bucket').select('failures').where('key', '=', key).executeTakeFirst()
  return row?.failures
}

/** The number of guesses that were allowed and whose result is not recorded yet. */
export async function pendingIn(db: Database, key: string): Promise<number | undefined> {
  const row = await db.selectFrom('throttle_bucket').select('pending').where('key', '=', key).executeTakeFirst()
  return row?.pending
}

export async function setBucket(db: Database, key: string, failures: number, at: number): Promise<void> {
  await db.deleteFrom('throttle_bucket').where('key', '=', key).execute()
  await db.insertInto('throttle_bucket').values({ key, failures, last_failure_at: at, blocked_until: 0 }).execute()
}
