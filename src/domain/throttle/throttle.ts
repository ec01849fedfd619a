// How long one has to wait after how many failures.
import { days, hours, seconds } from '../../foundation/kernel/time.ts'
import type { Duration, Instant } from '../../foundation/kernel/time.ts'

export interface ThrottlePolicy {
  /** Failures before the first wait. */
  readonly allowedFailures: number
  /** The first wait; it doubles with every further failure. */
  readonly initialBackoff: Duration
  readonly maxBackoff: Duration
  /** From this many failures on nothing but a success elsewhere or an admin opens again; null: never shut. */
  readonly lockoutThreshold: number | null
  /** Quiet time after which the count starts again; null: never. */
  readonly resetAfter: Duration | null
}

/** For the tries at one person's password, code or recovery code that share a bucket. */
export const USER_POLICY: ThrottlePolicy = {
  allowedFailures: 5,
  initialBackoff: seconds(30),
  maxBackoff: hours(1),
  lockoutThreshold: 100,
  resetAfter: null,
}

/** For one network, whomever it tries. Many people may share one, so it waits longer, and its count resets. */
export const NETWORK_POLICY: ThrottlePolicy = {
  allowedFailures: 100,
  initialBackoff: seconds(30),
  maxBackoff: hours(1),
  lockoutThreshold: null,
  resetAfter: hours(1),
}

/** For usernames and email addresses that are taken: each answer reveals that somebody has it (enumeration). */
export const NAME_POLICY: ThrottlePolicy = {
  allowedFailures: 20,
  initialBackoff: seconds(30),
  maxBackoff: hours(1),
  lockoutThreshold: null,
  resetAfter: days(1),
}

/**
 * How long a guess keeps its place without an outcome. A guess that was cut off, by a crash for example, revealed nothing, so
 * after that it does not count. Longer than a guess takes, and no longer than the first wait. A guess that takes longer still
 * counts when it fails.
 */
export const PENDING_LEASE = seconds(30)

/** What a bucket counts. */
export interface BucketCounts {
  readonly key: string
  readonly failures: number
  readonly last_failure_at: Instant
  readonly blocked_until: Instant
  readonly pending: number
  readonly pending_since: Instant
}

/**
 * When the bucket allows the next guess; not after `now` if it allows one already. Before the first wait, as many guesses run at
 * once as may fail without one; afterwards one at a time.
 */
export function openFrom(bucket: BucketCounts, now: Instant): Instant {
  if (bucket.blocked_until > now) return bucket.blocked_until
  const { allowedFailures, resetAfter } = policyOf(bucket.key)
  const pending = Math.abs(now - bucket.pending_since) < PENDING_LEASE ? bucket.pending : 0
  const forgotten = resetAfter !== null && bucket.last_failure_at + resetAfter <= now
  const failures = forgotten ? 0 : bucket.failures
  return pending === 0 || failures + pending < allowedFailures ? now : bucket.pending_since + PENDING_LEASE
}

/** The wait after that many failures in a row; Infinity once the bucket is shut. */
export function backoffAfter(failures: number, policy: ThrottlePolicy): Duration {
  if (policy.lockoutThreshold !== null && failures >= policy.lockoutThreshold) return Infinity
  if (failures < policy.allowedFailures) return 0
  return Math.min(policy.initialBackoff * 2 ** (failures - policy.allowedFailures), policy.maxBackoff)
}

export interface BackoffStep {
  readonly from: number
  readonly delay: Duration
}

/** `backoffAfter` as the ascending list of failure counts at which the wait changes. */
export function backoffSteps(policy: ThrottlePolicy): BackoffStep[] {
  const steps: BackoffStep[] = []
  const end = policy.lockoutThreshold ?? policy.allowedFailures + 64
  for (let failures = 0; failures <= end; failures++) {
    const delay = backoffAfter(failures, policy)
    if (delay !== steps.at(-1)?.delay) steps.push({ from: failures, delay })
  }
  return steps
}

/** What is guessed; each has a budget of its own. A `name` is one that the user asked for and somebody else has. */
export const GUESSED_FACTORS = ['password', 'code', 'recovery', 'name'] as const
export type GuessedFactor = (typeof GUESSED_FACTORS)[number]

/** Who shares a bucket of a user: everybody unknown, one browser the user has signed in with, or the user's sessions. */
export type ClientClass = 'untrusted' | 'device-cookie-client' | 'session'

const SESSION = 'session'

export const NETWORK_PREFIX = 'network:'
export const NAME_PREFIX = 'name:'

/**
 * How long a bucket of names that nobody has is kept after its last failure. A user's is kept for good; the sooner these
 * go, the easier are names told apart from users, and without an end they would fill and close for ever (0010).
 */
export const NAMES_KEPT = days(30)

export function networkBucket(network: string): string {
  return NETWORK_PREFIX + network
}

/** The network's bucket that goes with a guess; none for whoever draws from a budget of their own. */
export function networkBuckets({ network }: { readonly network: string | null }): string[] {
  return network === null ? [] : [networkBucket(network)]
}

/** The buckets that all who are not known share for a user, to be drawn from before a factor is looked at. */
export function userBuckets(subject: string, kinds: readonly GuessedFactor[]): string[] {
  return kinds.map((kind) => `${userPrefix(subject)}${kind}`)
}

/** Those of one browser in which the user has finished a sign-in. */
export function deviceBuckets(subject: string, kinds: readonly GuessedFactor[], browserId: string): string[] {
  return userBuckets(subject, kinds).map((key) => `${key}:${browserId}`)
}

/** Those of whoever holds a session of the user. */
export function sessionBuckets(subject: string, kinds: readonly GuessedFactor[]): string[] {
  return userBuckets(subject, kinds).map((key) => `${key}:${SESSION}`)
}

/** What the keys of all of a user's buckets begin with. */
export function userPrefix(subject: string): string {
  return `user:${subject}:`
}

export function policyOf(key: string): ThrottlePolicy {
  if (key.startsWith(NETWORK_PREFIX)) return NETWORK_POLICY
  return guessedFactorOf(key) === 'name' ? NAME_POLICY : USER_POLICY
}

/**
 * The order in which every transaction takes its buckets, the network last, so that no two of them wait for each other in
 * a circle. Each key once.
 */
export function inOrder(keys: readonly string[]): string[] {
  if (keys.length < 2) return [...keys]
  const isNetwork = (key: string): boolean => key.startsWith(NETWORK_PREFIX)
  const sorted = [...new Set(keys)].toSorted()
  return [...sorted.filter((key) => !isNetwork(key)), ...sorted.filter(isNetwork)]
}

/** What is counted in a bucket of a user or of a name that nobody has; undefined for a network. */
export function guessedFactorOf(key: string): GuessedFactor | undefined {
  const written = /^(?:user|name):[^:]+:([^:]+)/u.exec(key)?.[1]
  return GUESSED_FACTORS.find((kind) => kind === written)
}

/** Who draws from a user's bucket. */
export function clientClassOf(key: string): ClientClass {
  const [, , , who] = key.split(':')
  if (who === undefined) return 'untrusted'
  return who === SESSION ? 'session' : 'device-cookie-client'
}

/** The user a bucket belongs to, if it is a user's. */
export function subjectOf(key: string): string | null {
  return /^user:([^:]+):/u.exec(key)?.[1] ?? null
}

/** Stands in the table for "until somebody opens it": the greatest instant that is exact in both databases and here. */
export const INDEFINITELY: Instant = Number.MAX_SAFE_INTEGER

/** Whole seconds to announce; a shut bucket says the longest wait, so that the answer does not tell how it is shut. */
export function retryAfter(blockedUntil: Instant, now: Instant): number {
  const wait = Math.min(blockedUntil - now, USER_POLICY.maxBackoff)
  return Math.max(1, Math.ceil(wait / 1000))
}

/** The keys with a prefix that ends in a colon: up to the character after it. */
export function rangeOf(prefix: string): [from: string, to: string] {
  return [prefix, `${prefix.slice(0, -1)};`]
}
