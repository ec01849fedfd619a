// Parses stored password hashes: the scheme and its costs.
import type { HashPolicy } from '../config/types.ts'
import { type DerivedHash, mixesOf, readDerivedHash, roundsOf } from './derived-hash.ts'

export interface Argon2Hash {
  readonly scheme: 'argon2id' | 'argon2i' | 'argon2d'
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
  /** The id of the pepper key that was mixed into the password; null for none. */
  readonly pepper: string | null
}

export type StoredHash =
  | Argon2Hash
  | { readonly scheme: 'bcrypt'; readonly cost: number }
  | DerivedHash
  | { readonly scheme: 'unreadable' }

/** bcrypt ignores all further bytes of a password. */
export const BCRYPT_BYTES = 72

// The PHC string format has the id of a key as `keyid`, after the costs.
const ARGON2 =
  /^\$(argon2(?:id|i|d))\$v=19\$m=(\d{1,8}),t=(\d{1,4}),p=(\d{1,2})(?:,keyid=([\w-]{1,64}))?\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{16,86}$/
const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/

/** Bounds beyond which a hash counts as unreadable: an externally inserted row could demand hours or gigabytes (denial of service). */
const MOST_MEMORY_KIB = 1024 * 1024
const MOST_PASSES = 64
const MOST_LANES = 16
const LEAST_COST = 4
const MOST_COST = 16

/** Parses a stored hash; `unreadable` for null, for an unknown format and for costs out of bounds. */
export function readStoredHash(text: string | null): StoredHash {
  const bcrypt = BCRYPT.exec(text ?? '')
  if (bcrypt) {
    const cost = Number(bcrypt[1])
    return cost < LEAST_COST || cost > MOST_COST ? { scheme: 'unreadable' } : { scheme: 'bcrypt', cost }
  }
  const argon2 = ARGON2.exec(text ?? '')
  if (!argon2) return readDerivedHash(text ?? '') ?? { scheme: 'unreadable' }
  const [memory = 0, passes = 0, parallelism = 0] = argon2.slice(2, 5).map(Number)
  const tooMuch = memory > MOST_MEMORY_KIB || passes > MOST_PASSES || parallelism > MOST_LANES
  const tooLittle = passes < 1 || parallelism < 1 || memory < 8 * parallelism
  if (tooMuch || tooLittle) return { scheme: 'unreadable' }
  return { scheme: argon2[1] as Argon2Hash['scheme'], memory, passes, parallelism, pepper: argon2[5] ?? null }
}

/** The text of an argon2id hash with the id of the pepper key in it. */
export function withPepper(text: string, keyId: string): string {
  return text.replace(/(?=\$[^$]*\$[^$]*$)/, `,keyid=${keyId}`)
}

/** The text without the id of a pepper key, as argon2 itself writes it. */
export function withoutPepper(text: string): string {
  return text.replace(/,keyid=[\w-]+(?=\$)/, '')
}

/** Whether a readable hash has another scheme or other parameters than new hashes, so that verifying it takes another time. */
export function costsOtherwise(about: StoredHash, { memory, passes, parallelism }: HashPolicy): boolean {
  if (about.scheme === 'unreadable') return false
  if (about.scheme !== 'argon2id') return true
  return about.memory !== memory || about.passes !== passes || about.parallelism !== parallelism
}

const COSTS = { bcryptRound: 140, scryptMix: 1.5, pbkdf2Round: 0.6 }

/** The cost of verifying a hash, as the number of KiB that argon2 would process in the same time; roughly measured. */
export function costOf(about: StoredHash): number {
  if (about.scheme === 'unreadable') return 0
  if (about.scheme === 'bcrypt') return 2 ** about.cost * COSTS.bcryptRound
  if (about.scheme === 'scrypt') return mixesOf(about) * COSTS.scryptMix
  return about.scheme === 'pbkdf2' ? roundsOf(about) * COSTS.pbkdf2Round : about.memory * about.passes
}
