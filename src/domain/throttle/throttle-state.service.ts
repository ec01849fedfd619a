// What the buckets count now.
import type { With } from '../../foundation/context.ts'
import type { Instant } from '../../foundation/kernel/time.ts'
import { clientClassOf, INDEFINITELY, guessedFactorOf } from './throttle.ts'
import type { ClientClass, GuessedFactor } from './throttle.ts'
import * as queries from './throttle.queries.ts'

export interface BucketCount {
  readonly failures: number
  /** Null when the next try is free; `INDEFINITELY` as long as `shut`. */
  readonly blockedUntil: Instant | null
  /** Opened by an admin, or by a new factor in the place of the one that was guessed at. */
  readonly shut: boolean
}

export interface BucketState extends BucketCount {
  readonly key: string
  readonly kind: GuessedFactor
  /** Whose tries it counts. */
  readonly clientClass: ClientClass
}

export async function throttleState(ctx: With<'db' | 'now'>, subject: string): Promise<BucketState[]> {
  const buckets = await queries.bucketsOfUser(ctx.db, subject)
  return buckets.map((bucket) => ({
    key: bucket.key,
    kind: guessedFactorOf(bucket.key) ?? 'password',
    clientClass: clientClassOf(bucket.key),
    ...countIn(ctx, bucket),
  }))
}

const NOTHING_COUNTED: BucketCount = { failures: 0, blockedUntil: null, shut: false }

/** What these buckets count now, each by its key; nothing where nobody guessed wrong since. */
export async function countsIn(ctx: With<'db' | 'now'>, keys: readonly string[]): Promise<Map<string, BucketCount>> {
  const buckets = keys.length === 0 ? [] : await queries.bucketsWithKeys(ctx.db, keys)
  const counted = new Map(buckets.map((bucket) => [bucket.key, countIn(ctx, bucket)]))
  return new Map(keys.map((key) => [key, counted.get(key) ?? NOTHING_COUNTED]))
}

function countIn(
  { now }: With<'now'>,
  { failures, blocked_until: until }: { readonly failures: number; readonly blocked_until: Instant },
): BucketCount {
  return { failures, blockedUntil: until > now ? until : null, shut: until === INDEFINITELY }
}
