// Keys that sign ID tokens: their states, their order, and when they are rotated.
//
//   published ──1 h──► signing ──90 d──► retired ──2 h──► withdrawn (deleted)
import { days, type Duration, hours, type Instant } from '#foundation/kernel/time.ts'

/** In the order of the key set. */
export const SIGNING_ALGORITHMS = ['ES256', 'RS256'] as const
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number]

export interface SigningKey {
  /** The thumbprint of the public key (RFC 7638). */
  readonly kid: string
  readonly alg: SigningAlgorithm
  readonly createdAt: Instant
  readonly signsFrom: Instant
  /** From then on another key signs; null while no other is known. */
  readonly retiredAt: Instant | null
}

export type SigningKeyState = 'published' | 'signing' | 'retired' | 'withdrawn'

/** How long apps and other nodes may use a key set that they have read. */
export const KEY_SET_CACHE: Duration = hours(1)

/** How long an ID token is valid. */
export const ID_TOKEN_LIFETIME: Duration = hours(1)

const SIGNS_FOR: Duration = days(90)

/**
 * Returns the state of a key. A key is published for the life of a cached key set before it signs, so that no app meets a signature by a key
 * that they do not know; and stays published after it signed until its last ID token has expired.
 */
export function signingKeyState({ signsFrom, retiredAt }: SigningKey, now: Instant): SigningKeyState {
  if (retiredAt !== null && now >= retiredAt + ID_TOKEN_LIFETIME + KEY_SET_CACHE) return 'withdrawn'
  if (retiredAt !== null && now >= retiredAt) return 'retired'
  return now < signsFrom ? 'published' : 'signing'
}

const ORDER: readonly SigningKeyState[] = ['signing', 'published', 'retired']

/** Returns the keys of the set in the order of use: those that sign first, one of each algorithm. */
export function keySetOf<Key extends SigningKey>(keys: readonly Key[], now: Instant): Key[] {
  const rank = (key: Key): number => ORDER.indexOf(signingKeyState(key, now))
  return keys
    .filter((key) => rank(key) >= 0)
    .toSorted(
      (one, other) =>
        rank(one) - rank(other) ||
        SIGNING_ALGORITHMS.indexOf(one.alg) - SIGNING_ALGORITHMS.indexOf(other.alg) ||
        other.signsFrom - one.signsFrom ||
        (one.kid < other.kid ? -1 : 1),
    )
}

/** Returns a text that changes with the set and with the state of each key. */
export function versionOf(keys: readonly SigningKey[], now: Instant): string {
  return keySetOf(keys, now)
    .map((key) => `${signingKeyState(key, now)} ${key.kid}`)
    .join(', ')
}

/**
 * Returns the algorithms without a key that signs or is to sign. Where only the latter is left, or a clock is behind, it is the first in the
 * order of use, so it signs before its time.
 */
export function missingAlgorithms(keys: readonly SigningKey[], now: Instant): SigningAlgorithm[] {
  const isUsable = (key: SigningKey): boolean => ['signing', 'published'].includes(signingKeyState(key, now))
  return SIGNING_ALGORITHMS.filter((alg) => !keys.some((key) => key.alg === alg && isUsable(key)))
}

/** Returns the algorithms by which a key signs and none is published that will follow it. */
export function rotatableAlgorithms(keys: readonly SigningKey[], now: Instant): SigningAlgorithm[] {
  const has = (alg: SigningAlgorithm, state: SigningKeyState): boolean =>
    keys.some((key) => key.alg === alg && signingKeyState(key, now) === state)
  return SIGNING_ALGORITHMS.filter((alg) => has(alg, 'signing') && !has(alg, 'published'))
}

/** Returns the keys that are to end although none is left that would follow them. */
export function unfollowedKeys(keys: readonly SigningKey[], now: Instant): SigningKey[] {
  const followed = keys.filter((key) => signingKeyState(key, now) === 'published').map(({ alg }) => alg)
  return keys.filter(({ alg, retiredAt }) => retiredAt !== null && now < retiredAt && !followed.includes(alg))
}

/** Whether the key has signed for so long that another is to follow. */
export function isDueForRotation(key: SigningKey, now: Instant): boolean {
  return signingKeyState(key, now) === 'signing' && now >= key.signsFrom + SIGNS_FOR
}
