// How long one has to wait after how many failures.
import { hours, seconds } from '../kernel/time.ts'
import type { Duration, Instant } from '../kernel/time.ts'

export interface ThrottlePolicy {
  /** Failures before the first wait. */
  readonly free: number
  /** The first wait; it doubles with every further failure. */
  readonly first: Duration
  readonly ceiling: Duration
  /** From this many failures on nothing but a success elsewhere or an admin opens again; null: never shut. */
  readonly shutAt: number | null
  /** Quiet time after which the count starts again; null: never. */
  readonly forgets: Duration | null
}

/** For one person's password or code, whoever tries. */
export const USER_POLICY: ThrottlePolicy = {
  free: 5,
  first: seconds(30),
  ceiling: hours(1),
  shutAt: 100,
  forgets: null,
}

/** For one network, whomever it tries. Many people may share one, so it waits longer and forgets. */
export const NETWORK_POLICY: ThrottlePolicy = {
  free: 100,
  first: seconds(30),
  ceiling: hours(1),
  shutAt: null,
  forgets: hours(1),
}

/** The wait after that many failures in a row; Infinity once the bucket is shut. */
export function delayAfter(failures: number, policy: ThrottlePolicy): Duration {
  if (policy.shutAt !== null && failures >= policy.shutAt) return Infinity
  if (failures < policy.free) return 0
  return Math.min(policy.first * 2 ** (failures - policy.free), policy.ceiling)
}

export interface DelayStep {
  readonly from: number
  readonly delay: Duration
}

/** `delayAfter` as the ascending list of failure counts at which the wait changes. */
export function delaySteps(policy: ThrottlePolicy): DelayStep[] {
  const steps: DelayStep[] = []
  const end = policy.shutAt ?? policy.free + 64
  for (let failures = 0; failures <= end; failures++) {
    const delay = delayAfter(failures, policy)
    if (delay !== steps.at(-1)?.delay) steps.push({ from: failures, delay })
  }
  return steps
}

export type BucketKind = 'password' | 'code'

export const NETWORK_PREFIX = 'network:'

export function networkBucket(network: string): string {
  return NETWORK_PREFIX + network
}

/** The buckets of a user's factors, to be drawn from before one of them is looked at. */
export function userBuckets(subject: string, kinds: readonly BucketKind[]): string[] {
  return kinds.map((kind) => `${userPrefix(subject)}${kind}`)
}

/** What the keys of all of a user's buckets begin with. */
export function userPrefix(subject: string): string {
  return `user:${subject}:`
}

export function policyOf(key: string): ThrottlePolicy {
  return key.startsWith(NETWORK_PREFIX) ? NETWORK_POLICY : USER_POLICY
}

/**
 * The order in which every transaction takes its buckets, the network last, so that no two of them wait for each other in
 * a circle. Each key once.
 */
export function inOrder(keys: readonly string[]): string[] {
  const isNetwork = (key: string): boolean => key.startsWith(NETWORK_PREFIX)
  const sorted = [...new Set(keys)].toSorted()
  return [...sorted.filter((key) => !isNetwork(key)), ...sorted.filter(isNetwork)]
}

/** The user a bucket belongs to, if it is a user's. */
export function subjectOf(key: string): string | null {
  return /^user:([^:]+):/u.exec(key)?.[1] ?? null
}

/** Stands in the table for "until somebody opens it": the greatest instant that is exact in both databases and here. */
export const FOREVER: Instant = Number.MAX_SAFE_INTEGER

/** Whole seconds to announce; a shut bucket says the longest wait, so that the answer does not tell how it is shut. */
export function retryAfter(blockedUntil: Instant, now: Instant): number {
  const wait = Math.min(blockedUntil - now, USER_POLICY.ceiling)
  return Math.max(1, Math.ceil(wait / 1000))
}
