// Rate limiting (throttling) of guesses: each entry point that verifies a password or a code consumes a guess here first (0010).
//
//                       allowedFailures                lockoutThreshold
//   open  ────────────────────────────►  backoff  ─────────────────────►  locked out
//    ▲                                      │                                 │
//    └──────────────────────────────────────┴─────────────────────────────────┘
//     success (not if locked out), admin or new factor; for networks and names, `resetAfter` without a failure
//
// A guess: consumed (pending) → failed | refunded | reset. A pending guess without an outcome ends after PENDING_LEASE.
import { type NewEvent, recordEvent } from '#domain/audit/audit.service.ts'
import { type InTransaction, inTransaction, type With } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { type Instant, toRfc3339 } from '#foundation/kernel/time.ts'
import * as queries from './throttle.queries.ts'
import {
  guessAllowedFrom,
  type GuessedFactor,
  INDEFINITELY,
  inOrder,
  networkBuckets,
  retryAfter,
  subjectOf,
} from './throttle.ts'

export { networkBucket, userBuckets } from './throttle.ts'

export interface Guess {
  /** The network of the request, as `networkOf` names it; null if the guess does not count in the network's bucket. */
  readonly network: string | null
  /** The keys that `bucketsFor` or `bucketsForLogin` selected. */
  readonly buckets: readonly string[]
}

/** For a passkey, which cannot be guessed. */
export const NO_GUESS: Guess = { network: null, buckets: [] }

type ThrottleDeps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>

/** Thrown inside the transaction of `consumeGuess` to roll it back: one bucket is blocked, so no other may count the guess. */
class Blocked extends Error {}

/**
 * Counts a guess as pending in each of its buckets before it is verified, in a transaction of its own, so that no more guesses are
 * verified in parallel than may fail. `recordFailure`, `recordSuccess` or `refundGuess` records the outcome before the answer is sent. A
 * guess without an outcome, because of a crash, revealed nothing and stops counting after `PENDING_LEASE`. Throws `throttle.blocked`
 * with `retryAfter` in seconds if the network or one of the buckets is blocked; then nothing is written.
 */
export async function consumeGuess(ctx: ThrottleDeps & With<'limits'>, guess: Guess): Promise<void> {
  if (ctx.db.isTransaction) throw new Error('A guess is consumed outside any other transaction, so that it is kept')
  const keys = guessKeys(guess)
  const { blockedGuesses } = ctx.limits
  // A bucket that was blocked a moment ago is only read, so that a flood takes no write lock.
  if (keys.some((key) => blockedGuesses.get(key) !== undefined)) await rejectWhileBlocked(ctx, keys)
  try {
    await inTransaction(ctx, (inside) => consumeAll(inside, keys))
  } catch (error) {
    if (!(error instanceof Blocked)) throw error
    await rejectWhileBlocked(ctx, keys)
    throw new Refusal('throttle.blocked', { retryAfter: 1 })
  }
  blockedGuesses.clear(keys)
}

/**
 * Throws `throttle.blocked` as `consumeGuess` does, and counts nothing: for a secret that is too long to be guessed, so that more may be tried
 * at once than may fail.
 */
export function requireUnblocked(ctx: With<'db' | 'now' | 'limits'>, guess: Guess): Promise<void> {
  return rejectWhileBlocked(ctx, guessKeys(guess))
}

function guessKeys(guess: Guess): string[] {
  return inOrder([...guess.buckets, ...networkBuckets(guess)])
}

async function consumeAll(ctx: ThrottleDeps & With<'limits'>, keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    const [bucket] = await queries.consumeFromBucket(ctx.db, key, ctx.now)
    if (!bucket) throw new Blocked()
    const refused = ctx.limits.blockedGuesses.get(key)
    if (refused !== undefined)
      await recordEvent(ctx, { action: 'throttle.unblocked', ...about(key), details: { bucket: key, refused } })
  }
}

async function rejectWhileBlocked(ctx: With<'db' | 'now' | 'limits'>, keys: readonly string[]): Promise<void> {
  const buckets = await queries.bucketsWithKeys(ctx.db, keys)
  const waits = buckets.map((bucket) => ({ bucket, until: guessAllowedFrom(bucket, ctx.now) }))
  const [last] = waits.filter(({ until }) => until > ctx.now).toSorted((one, other) => other.until - one.until)
  if (last === undefined) return
  for (const { key, blocked_until: until } of buckets) if (until > ctx.now) ctx.limits.blockedGuesses.count(key)
  const id = last.bucket.blocked_until > ctx.now ? (last.bucket.block_event_id ?? undefined) : undefined
  throw new Refusal('throttle.blocked', { retryAfter: retryAfter(last.until, ctx.now) }, { id })
}

/**
 * Records that the guess was wrong: it counts as a failure in each of its buckets, unless `outcomeIn` returns another outcome. Call it
 * inside `refusing`, whose transaction is committed before the answer is sent.
 */
export async function recordFailure(
  ctx: ThrottleDeps,
  guess: Guess,
  outcomeIn: (key: string) => 'failed' | 'refunded' | 'reset' = () => 'failed',
): Promise<void> {
  for (const key of guessKeys(guess)) {
    const outcome = outcomeIn(key)
    if (outcome === 'failed') await countFailure(ctx, key)
    else if (outcome === 'refunded') await queries.refundBucket(ctx.db, key)
    else await queries.deleteBucket(ctx.db, key)
  }
}

/**
 * Runs the transaction that records a refused guess. If it fails, for example because no event can be written, another one counts
 * the guess: the error that is answered then reveals as much as the refusal would have.
 */
export async function refusing<Ctx extends ThrottleDeps, Result>(
  ctx: Ctx,
  guess: Guess,
  record: (tx: InTransaction<Ctx>) => Promise<Result>,
): Promise<Result> {
  try {
    return await inTransaction(ctx, record)
  } catch (error) {
    // If this fails too, the database is not reachable, and no guess can be made.
    await inTransaction(ctx, (tx) => countOnly(tx, guess)).catch(() => undefined)
    throw error
  }
}

/** Counts a wrong guess together with the event of its refusal; returns the id of the event. */
export function recordRefusedGuess(ctx: ThrottleDeps, guess: Guess, event: NewEvent): Promise<string> {
  return refusing(ctx, guess, async (tx) => {
    await recordFailure(tx, guess)
    return recordEvent(tx, event)
  })
}

async function countFailure(ctx: ThrottleDeps, key: string): Promise<void> {
  const [bucket] = await queries.failInBucket(ctx.db, key, ctx.now)
  if (bucket && bucket.blockedUntil > ctx.now) await recordBlock(ctx, key, bucket)
}

async function countOnly(ctx: With<'db' | 'now'>, guess: Guess): Promise<void> {
  for (const key of guessKeys(guess)) await queries.failInBucket(ctx.db, key, ctx.now)
}

/** Stores the id of the event with the bucket, so that each refusal during the block can name the event. */
async function recordBlock(
  ctx: ThrottleDeps,
  key: string,
  bucket: { failures: number; blockedUntil: Instant },
): Promise<void> {
  const isLockedOut = bucket.blockedUntil === INDEFINITELY
  const until = isLockedOut ? null : toRfc3339(bucket.blockedUntil)
  const details = { bucket: key, failures: bucket.failures, until }
  const reason = isLockedOut ? 'lockout' : 'backoff'
  const event = await recordEvent(ctx, { action: 'throttle.blocked', ...about(key), reason, details })
  await queries.setBlockEvent(ctx.db, key, event)
}

function about(key: string): { actor: null; target: string | null } {
  return { actor: null, target: subjectOf(key) }
}

/**
 * Records that the guess was right: resets the buckets in which it counted, and no others. In the network's bucket only this guess is
 * refunded: a reset would let an attacker with an account of their own go on guessing at other accounts. Joins the transaction of the outcome.
 */
export function recordSuccess(ctx: With<'db'>, guess: Guess): Promise<void> {
  return inTransaction(ctx, async (tx) => {
    await resetBuckets(tx, guess.buckets)
    await refundBuckets(tx, networkBuckets(guess))
  })
}

/** Records that the guess was neither right nor wrong: it stops counting, and the failures before it stay. */
export function refundGuess(ctx: With<'db'>, guess: Guess): Promise<void> {
  return refundBuckets(ctx, guessKeys(guess))
}

/** Deletes the rows of these buckets, so that they count nothing. */
export async function resetBuckets(ctx: With<'db'>, keys: readonly string[]): Promise<void> {
  for (const key of inOrder(keys)) await queries.deleteBucket(ctx.db, key)
}

async function refundBuckets(ctx: With<'db'>, keys: readonly string[]): Promise<void> {
  for (const key of keys) await queries.refundBucket(ctx.db, key)
}

/** Verifies a guess. If `verify` throws `service.busy`, nothing was verified: the guess is refunded, and the error is thrown again. */
export async function refundOnBusy<Result>(ctx: With<'db'>, guess: Guess, verify: () => Promise<Result>) {
  try {
    return await verify()
  } catch (error) {
    if (error instanceof Refusal && error.code === 'service.busy') await refundGuess(ctx, guess)
    throw error
  }
}

/**
 * Resets the buckets of all clients for one factor of the user, because a new password, app or set of recovery codes has replaced
 * what was guessed. Returns how many buckets were deleted.
 */
export function resetGuessesAt(ctx: With<'db'>, subject: string, factor: GuessedFactor): Promise<number> {
  return queries.deleteUserBucketsOf(ctx.db, subject, factor)
}

/** Resets all buckets of a user; returns how many were deleted. */
export function resetUserBuckets(ctx: With<'db'>, subject: string): Promise<number> {
  return queries.deleteUserBuckets(ctx.db, subject)
}
