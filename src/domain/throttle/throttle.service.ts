// How often something may be guessed. Every door that looks at a password or a code draws here first.
import { recordEvent } from '../audit/audit.service.ts'
import type { NewEvent } from '../audit/audit.service.ts'
import { inTransaction } from '../../foundation/context.ts'
import type { With } from '../../foundation/context.ts'
import { foldName } from '../../foundation/kernel/fold.ts'
import { Refusal } from '../../foundation/kernel/refusal.ts'
import { toRfc3339 } from '../../foundation/kernel/time.ts'
import type { Instant } from '../../foundation/kernel/time.ts'
import * as queries from './throttle.queries.ts'
import { INDEFINITELY, inOrder, NAME_PREFIX, networkBuckets, openFrom, retryAfter, subjectOf } from './throttle.ts'
import type { GuessedFactor } from './throttle.ts'

export { networkBucket, userBuckets } from './throttle.ts'

export interface Guess {
  /** The network the try comes from, as `networkOf` names it; null where none is drawn from. */
  readonly network: string | null
  /** As `bucketsFor` or `bucketsForLogin` chose them. */
  readonly buckets: readonly string[]
}

/** Where nothing is guessed: a passkey. */
export const NO_GUESS: Guess = { network: null, buckets: [] }

type ThrottleDeps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>

/** So many names that nobody has can be told apart; typing ever more of them adds no rows. */
const NAME_BUCKETS = 2 ** 20

/**
 * The buckets for a name that no user has, of the same kinds as a user's would be. The name itself is not stored, and
 * without the key nobody can tell which names share a bucket.
 */
export function nameBucket(
  ctx: With<'keyring'>,
  name: string,
  kinds: readonly GuessedFactor[] = ['password'],
): string[] {
  const { mac } = ctx.keyring.mac('throttle', foldName(name))
  const number = Number.parseInt(mac.slice(0, 8), 16) % NAME_BUCKETS
  return kinds.map((kind) => `${NAME_PREFIX}${number}:${kind}`)
}

/** Thrown inside the draw to undo it: one bucket has to wait, so no other may count. */
class Blocked extends Error {}

/**
 * Takes a place for a guess in each bucket before it is verified, in a transaction of its own: no more parallel guesses are
 * verified than may fail. `recordFailure`, `recordSuccess` or `refundGuess` records the outcome, before anything is answered. A guess
 * without an outcome, because a crash cut it off, revealed nothing and loses its place after a time
 * (`PENDING_LEASE`). Throws `throttle.blocked` with `retryAfter` when the network or one of the buckets has to wait; then
 * nothing is written.
 */
export async function consumeGuess(ctx: ThrottleDeps & With<'limits'>, guess: Guess): Promise<void> {
  if (ctx.db.isTransaction) throw new Error('A guess is consumed outside any other transaction, so that it is kept')
  const keys = keysOf(guess)
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

function keysOf(guess: Guess): string[] {
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
  const waits = buckets.map((bucket) => ({ bucket, until: openFrom(bucket, ctx.now) }))
  const [last] = waits.filter(({ until }) => until > ctx.now).toSorted((one, other) => other.until - one.until)
  if (last === undefined) return
  for (const { key, blocked_until: until } of buckets) if (until > ctx.now) ctx.limits.blockedGuesses.count(key)
  const id = last.bucket.blocked_until > ctx.now ? (last.bucket.block_event_id ?? undefined) : undefined
  throw new Refusal('throttle.blocked', { retryAfter: retryAfter(last.until, ctx.now) }, { id })
}

/** The outcome of a guess in one of its buckets. */
export type GuessOutcome = 'failed' | 'refunded' | 'reset'

/**
 * The guess was wrong: it counts as a failure in each of its buckets, unless `outcomeIn` says otherwise. Belongs inside
 * `refusing`, whose transaction is committed before anything is answered.
 */
export async function recordFailure(
  ctx: ThrottleDeps,
  guess: Guess,
  outcomeIn: (key: string) => GuessOutcome = () => 'failed',
): Promise<void> {
  for (const key of keysOf(guess)) {
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
  record: (tx: Ctx) => Promise<Result>,
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
  for (const key of keysOf(guess)) await queries.failInBucket(ctx.db, key, ctx.now)
}

/** The event stays with the bucket, so that every refusal while it is closed can name it. */
async function recordBlock(
  ctx: ThrottleDeps,
  key: string,
  bucket: { failures: number; blockedUntil: Instant },
): Promise<void> {
  const shut = bucket.blockedUntil === INDEFINITELY
  const until = shut ? null : toRfc3339(bucket.blockedUntil)
  const details = { bucket: key, failures: bucket.failures, until }
  const reason = shut ? 'lockout' : 'backoff'
  const event = await recordEvent(ctx, { action: 'throttle.blocked', ...about(key), reason, details })
  await queries.setBlockEvent(ctx.db, key, event)
}

function about(key: string): { actor: null; target: string | null } {
  return { actor: null, target: subjectOf(key) }
}

/**
 * The guess was right: the buckets it drew from are empty again, and nobody else's; the network gets the place of this guess
 * back (not more, or whoever has an account of their own could go on guessing at others'). Belongs in the transaction of the
 * outcome.
 */
export async function recordSuccess(ctx: With<'db'>, guess: Guess): Promise<void> {
  await resetBuckets(ctx, guess.buckets)
  await refundBuckets(ctx, networkBuckets(guess))
}

/** The guess was no failure, but the failures before it stay counted. */
export function refundGuess(ctx: With<'db'>, guess: Guess): Promise<void> {
  return refundBuckets(ctx, keysOf(guess))
}

export async function resetBuckets(ctx: With<'db'>, keys: readonly string[]): Promise<void> {
  for (const key of inOrder(keys)) await queries.deleteBucket(ctx.db, key)
}

async function refundBuckets(ctx: With<'db'>, keys: readonly string[]): Promise<void> {
  for (const key of keys) await queries.refundBucket(ctx.db, key)
}

/** Verifies a guess. If the hasher is busy (`service.busy`), nothing was verified, and the guess is refunded. */
export async function refundOnBusy<Result>(ctx: With<'db'>, guess: Guess, verify: () => Promise<Result>) {
  try {
    return await verify()
  } catch (error) {
    if (error instanceof Refusal && error.code === 'service.busy') await refundGuess(ctx, guess)
    throw error
  }
}

/**
 * What was guessed at is gone, since a new password, app or set of recovery codes took its place: all that was counted
 * about it goes too, whoever guessed. Returns how many buckets counted something.
 */
export function resetGuessesAt(ctx: With<'db'>, subject: string, kind: GuessedFactor): Promise<number> {
  return queries.deleteUserBucketsOf(ctx.db, subject, kind)
}

/** Opens whatever is closed for a user; returns how many buckets counted something. */
export function resetUserBuckets(ctx: With<'db'>, subject: string): Promise<number> {
  return queries.deleteUserBuckets(ctx.db, subject)
}
