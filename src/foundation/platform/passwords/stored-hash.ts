import { readDerivedHash, mixesOf, roundsOf } from './derived-hash.ts'
import type { DerivedHash } from './derived-hash.ts'
import type { HashPolicy } from '../config/types.ts'

export interface Argon2Hash {
  readonly scheme: 'argon2id' | 'argon2i' | 'argon2d'
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
  /** The key that was mixed into the password before; null for none. */
  readonly pepper: string | null
}

/** What a stored password hash says about itself. */
export type StoredHash =
  | Argon2Hash
  | { readonly scheme: 'bcrypt'; readonly cost: number }
  | DerivedHash
  | { readonly scheme: 'unreadable' }

/** bcrypt looks at no more bytes of a password. */
export const BCRYPT_BYTES = 72

// The PHC string format names a key as `keyid`, after the costs.
const ARGON2 =
  /^\$(argon2(?:id|i|d))\$v=19\$m=(\d{1,8}),t=(\d{1,4}),p=(\d{1,2})(?:,keyid=([\w-]{1,64}))?\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{16,86}$/
const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/

/** A row typed by hand could ask for hours or gigabytes: beyond these a hash counts as unreadable. */
const MOST_MEMORY_KIB = 1024 * 1024
const MOST_PASSES = 64
const MOST_LANES = 16
const LEAST_COST = 4
const MOST_COST = 16

export function readStoredHash(text: string | null): StoredHash {
  const bcrypt = BCRYPT.exec(text ?? '')
  if (bcrypt) return bcryptOf(Number(bcrypt[1]))
  const argon2 = ARGON2.exec(text ?? '')
  if (!argon2) return readDerivedHash(text ?? '') ?? { scheme: 'unreadable' }
  const [memory = 0, passes = 0, parallelism = 0] = argon2.slice(2, 5).map(Number)
  const tooMuch = memory > MOST_MEMORY_KIB || passes > MOST_PASSES || parallelism > MOST_LANES
  const tooLittle = passes < 1 || parallelism < 1 || memory < 8 * parallelism
  if (tooMuch || tooLittle) return { scheme: 'unreadable' }
  return { scheme: argon2[1] as Argon2Hash['scheme'], memory, passes, parallelism, pepper: argon2[5] ?? null }
}

/** The text of an argon2id hash that says which key was mixed into its password. */
export function withPepper(text: string, keyId: string): string {
  return text.replace(/(?=\$[^$]*\$[^$]*$)/, `,keyid=${keyId}`)
}

/** As argon2 itself writes it, without the key's name. */
export function withoutPepper(text: string): string {
  return text.replace(/,keyid=[\w-]+(?=\$)/, '')
}

function bcryptOf(cost: number): StoredHash {
  return cost < LEAST_COST || cost > MOST_COST ? { scheme: 'unreadable' } : { scheme: 'bcrypt', cost }
}

/** Whether a readable hash has another scheme or other parameters than new ones, so that comparing with it takes another time. */
export function costsOtherwise(about: StoredHash, { memory, passes, parallelism }: HashPolicy): boolean {
  if (about.scheme === 'unreadable') return false
  if (about.scheme !== 'argon2id') return true
  return about.memory !== memory || about.passes !== passes || about.parallelism !== parallelism
}

const COSTS = { bcryptRound: 140, scryptMix: 1.5, pbkdf2Round: 0.6 }

/** The cost of comparing with a hash, in the KiB that argon2 would pass over in the same time, as roughly measured. */
export function costOf(about: StoredHash): number {
  if (about.scheme === 'unreadable') return 0
  if (about.scheme === 'bcrypt') return 2 ** about.cost * COSTS.bcryptRound
  if (about.scheme === 'scrypt') return mixesOf(about) * COSTS.scryptMix
  return about.scheme === 'pbkdf2' ? roundsOf(about) * COSTS.pbkdf2Round : about.memory * about.passes
}
