// The policies of the buckets: the backoff after each number of failures, and the keys of the buckets.
import type { Selectable } from 'kysely'

import { MAILS_AN_HOUR, NAMES_BEFORE_BACKOFF, NAMES_COUNT_FOR } from '#foundation/kernel/stated-limits.ts'
import { days, type Duration, hours, type Instant, seconds } from '#foundation/kernel/time.ts'
import type { ThrottleBucketTable } from '#foundation/platform/database/schema.ts'

export interface ThrottlePolicy {
  /** The failure with this number is the first that blocks the bucket. */
  readonly allowedFailures: number
  /** The first backoff; it doubles with each further failure. */
  readonly initialBackoff: Duration
  readonly maxBackoff: Duration
  /** From this many failures on the bucket is locked out, until an admin or a new factor resets it; null: never. */
  readonly lockoutThreshold: number | null
  /** The time without a failure after which the count starts again; null: never. */
  readonly resetAfter: Duration | null
}

/** For guesses at a password, TOTP code or recovery code of one user. */
export const USER_POLICY: ThrottlePolicy = {
  allowedFailures: 5,
  initialBackoff: seconds(30),
  maxBackoff: hours(1),
  lockoutThreshold: 100,
  resetAfter: null,
}

/** For the guesses of one network at all users. Many users may share a network, so it allows more failures, and its count resets. */
export const NETWORK_POLICY: ThrottlePolicy = {
  allowedFailures: 100,
  initialBackoff: seconds(30),
  maxBackoff: hours(1),
  lockoutThreshold: null,
  resetAfter: hours(1),
}

/** For answers that a username or an email is taken: each reveals that a user has it (enumeration). */
export const NAME_POLICY: ThrottlePolicy = {
  allowedFailures: NAMES_BEFORE_BACKOFF,
  initialBackoff: seconds(30),
  maxBackoff: hours(1),
  lockoutThreshold: null,
  resetAfter: NAMES_COUNT_FOR,
}

/**
 * For recovery mails to one account or one unknown name. The third one blocks the bucket for an hour, so that no hour has more than three.
 */
export const MAIL_POLICY: ThrottlePolicy = {
  allowedFailures: MAILS_AN_HOUR,
  initialBackoff: hours(1),
  maxBackoff: hours(1),
  lockoutThreshold: null,
  resetAfter: hours(1),
}

/** For wrong secrets of an app from one network. A program retries by itself, so its count resets. */
export const CLIENT_POLICY: ThrottlePolicy = {
  allowedFailures: 10,
  initialBackoff: seconds(30),
  maxBackoff: hours(1),
  lockoutThreshold: null,
  resetAfter: hours(1),
}

/** For wrong user codes of devices that one user types. Their network has `NETWORK_POLICY`. */
const USER_CODE_POLICY = CLIENT_POLICY

/** All of them, for what is prepared for each. */
export const THROTTLE_POLICIES = [USER_POLICY, NETWORK_POLICY, NAME_POLICY, MAIL_POLICY, CLIENT_POLICY] as const

/**
 * How long a guess stays pending without an outcome. A guess that a crash has interrupted revealed nothing, so it stops counting after
 * this time. It is longer than a guess takes, and no longer than the first backoff. A guess that takes longer still counts when it
 * fails.
 */
export const PENDING_LEASE = seconds(30)

/** What a bucket counts. */
type BucketCounts = Readonly<Omit<Selectable<ThrottleBucketTable>, 'block_event_id'>>

/**
 * Returns when the bucket allows the next guess; not after `now` if it allows one already. Before the first backoff, as many guesses may
 * be pending at once as may still fail without it; afterwards one.
 */
export function guessAllowedFrom(bucket: BucketCounts, now: Instant): Instant {
  if (bucket.blocked_until > now) return bucket.blocked_until
  const { allowedFailures, resetAfter } = policyOf(bucket.key)
  const pending = Math.abs(now - bucket.pending_since) < PENDING_LEASE ? bucket.pending : 0
  const isReset = resetAfter !== null && bucket.last_failure_at + resetAfter <= now
  const failures = isReset ? 0 : bucket.failures
  return pending === 0 || failures + pending < allowedFailures ? now : bucket.pending_since + PENDING_LEASE
}

/** Returns the backoff after that many failures in a row; Infinity once the bucket is locked out. */
export function backoffAfter(failures: number, policy: ThrottlePolicy): Duration {
  if (policy.lockoutThreshold !== null && failures >= policy.lockoutThreshold) return Infinity
  if (failures < policy.allowedFailures) return 0
  return Math.min(policy.initialBackoff * 2 ** (failures - policy.allowedFailures), policy.maxBackoff)
}

export interface BackoffStep {
  readonly from: number
  readonly delay: Duration
}

/** `backoffAfter` as the ascending list of failure counts at which the backoff changes. */
export function backoffSteps(policy: ThrottlePolicy): BackoffStep[] {
  const steps: BackoffStep[] = []
  const end = policy.lockoutThreshold ?? policy.allowedFailures + 64
  for (let failures = 0; failures <= end; failures++) {
    const delay = backoffAfter(failures, policy)
    if (delay !== steps.at(-1)?.delay) steps.push({ from: failures, delay })
  }
  return steps
}

/** What is guessed; each has buckets of its own. `name` is a username or an email that is taken by another user. */
export const GUESSED_FACTORS = ['password', 'code', 'recovery', 'name'] as const
export type GuessedFactor = (typeof GUESSED_FACTORS)[number]

/** Which clients share a bucket of a user: untrusted ones, those with one device cookie of the user, or the user's sessions. */
export type ClientClass = 'untrusted' | 'device-cookie-client' | 'session'

const SESSION = 'session'

export const NETWORK_PREFIX = 'network:'
export const NAME_PREFIX = 'name:'
/** The buckets of recovery mails. They count no guesses, so a user's new password leaves them. */
export const MAIL_PREFIX = 'mail:'
/** The buckets of the secrets of apps, each for one app and one network. */
export const CLIENT_PREFIX = 'client:'

/** The buckets of user codes of devices, each for one user; and those for one network. */
export const USER_CODE_PREFIX = 'user-code:'
export const USER_CODE_NETWORK_PREFIX = 'user-code-network:'

/**
 * How long a bucket of unknown names is kept after its last failure. Buckets of users are kept for good. A shorter time would make
 * unknown names easier to distinguish from users (enumeration); without a limit the buckets would be locked out for good (0010).
 */
export const NAMES_KEPT = days(30)

/** Returns the key of the bucket of a network. */
export function networkBucket(network: string): string {
  return NETWORK_PREFIX + network
}

/** Returns the bucket of an app and a network, by their number. */
export function clientBucket(number: number): string {
  return `${CLIENT_PREFIX}${number}`
}

/** Returns the buckets of a user code of a device that a user in a network types. */
export function userCodeBuckets(subject: string, network: string): string[] {
  return [USER_CODE_PREFIX + subject, USER_CODE_NETWORK_PREFIX + network]
}

/** Returns the network's bucket of a guess; none if the guess does not count in it. */
export function networkBuckets({ network }: { readonly network: string | null }): string[] {
  return network === null ? [] : [networkBucket(network)]
}

/** Returns the buckets of a user that all untrusted clients share, one for each factor. */
export function userBuckets(subject: string, factors: readonly GuessedFactor[]): string[] {
  return factors.map((factor) => `${userPrefix(subject)}${factor}`)
}

/** Returns the buckets of a client with the user's device cookie. */
export function deviceBuckets(subject: string, factors: readonly GuessedFactor[], deviceId: string): string[] {
  return userBuckets(subject, factors).map((key) => `${key}:${deviceId}`)
}

/** Returns the buckets that all sessions of the user share. */
export function sessionBuckets(subject: string, factors: readonly GuessedFactor[]): string[] {
  return userBuckets(subject, factors).map((key) => `${key}:${SESSION}`)
}

export function userPrefix(subject: string): string {
  return `user:${subject}:`
}

export function policyOf(key: string): ThrottlePolicy {
  if (key.startsWith(NETWORK_PREFIX) || key.startsWith(USER_CODE_NETWORK_PREFIX)) return NETWORK_POLICY
  if (key.startsWith(USER_CODE_PREFIX)) return USER_CODE_POLICY
  if (key.startsWith(CLIENT_PREFIX)) return CLIENT_POLICY
  if (key.startsWith(MAIL_PREFIX)) return MAIL_POLICY
  return guessedFactorOf(key) === 'name' ? NAME_POLICY : USER_POLICY
}

/** Returns the keys in the order in which each transaction locks its buckets, the network's last (deadlock). Each key occurs once. */
export function inOrder(keys: readonly string[]): string[] {
  if (keys.length < 2) return [...keys]
  const isNetwork = (key: string): boolean => key.startsWith(NETWORK_PREFIX)
  const sorted = [...new Set(keys)].toSorted()
  return [...sorted.filter((key) => !isNetwork(key)), ...sorted.filter(isNetwork)]
}

/** Returns the factor that a bucket of a user or of an unknown name counts; undefined for a network. */
export function guessedFactorOf(key: string): GuessedFactor | undefined {
  const written = /^(?:user|name):[^:]+:([^:]+)/u.exec(key)?.[1]
  return GUESSED_FACTORS.find((factor) => factor === written)
}

/** Returns which clients count in a user's bucket. */
export function clientClassOf(key: string): ClientClass {
  const [, , , client] = key.split(':')
  if (client === undefined) return 'untrusted'
  return client === SESSION ? 'session' : 'device-cookie-client'
}

/** Returns the subject of the user to whom a bucket belongs; null for other buckets. */
export function subjectOf(key: string): string | null {
  return /^user:([^:]+):/u.exec(key)?.[1] ?? null
}

/** The stored end of a lockout: the greatest instant that both databases and JavaScript represent exactly. */
export const INDEFINITELY: Instant = Number.MAX_SAFE_INTEGER

/** Returns whole seconds for `Retry-After`; for a lockout those of the longest backoff, so that the answer does not reveal it. */
export function retryAfter(blockedUntil: Instant, now: Instant): number {
  const wait = Math.min(blockedUntil - now, USER_POLICY.maxBackoff)
  return Math.max(1, Math.ceil(wait / 1000))
}

/** Returns the range of the keys with a prefix that ends in a colon: `;` is the character after the colon. */
export function rangeOf(prefix: string): [from: string, to: string] {
  return [prefix, `${prefix.slice(0, -1)};`]
}
