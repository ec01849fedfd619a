// Reads what the buckets count now, for pages and the command line.
import type { With } from '#foundation/context.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import * as queries from './throttle.queries.ts'
import { type ClientClass, clientClassOf, type GuessedFactor, guessedFactorOf, INDEFINITELY } from './throttle.ts'

export interface BucketCount {
  readonly failures: number
  /** Null when the next guess is allowed; `INDEFINITELY` while `isLockedOut`. */
  readonly blockedUntil: Instant | null
  /** Locked out, until an admin unlocks the user or a new factor replaces the guessed one. */
  readonly isLockedOut: boolean
}

export interface BucketState extends BucketCount {
  readonly key: string
  readonly kind: GuessedFactor
  /** The clients whose guesses count in this bucket. */
  readonly clientClass: ClientClass
}

/** Returns the current state of the user's buckets, by key. */
export async function throttleState(ctx: With<'db' | 'now'>, subject: string): Promise<BucketState[]> {
  const buckets = await queries.bucketsOfUser(ctx.db, subject)
  return buckets.map((bucket) => ({
    key: bucket.key,
    kind: guessedFactorOf(bucket.key) ?? 'password',
    clientClass: clientClassOf(bucket.key),
    ...countIn(ctx, bucket),
  }))
}

const NOTHING_COUNTED: BucketCount = { failures: 0, blockedUntil: null, isLockedOut: false }

/** Returns the current count of each of these buckets, by key; a bucket without a row counts nothing. */
export async function countsIn(ctx: With<'db' | 'now'>, keys: readonly string[]): Promise<Map<string, BucketCount>> {
  const buckets = keys.length === 0 ? [] : await queries.bucketsWithKeys(ctx.db, keys)
  const counted = new Map(buckets.map((bucket) => [bucket.key, countIn(ctx, bucket)]))
  return new Map(keys.map((key) => [key, counted.get(key) ?? NOTHING_COUNTED]))
}

function countIn(
  { now }: With<'now'>,
  { failures, blocked_until: until }: { failures: number; blocked_until: Instant },
): BucketCount {
  return { failures, blockedUntil: until > now ? until : null, isLockedOut: until === INDEFINITELY }
}
