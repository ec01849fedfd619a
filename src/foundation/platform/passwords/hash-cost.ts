// How long a stored hash takes to compare with.
import type { HashPolicy } from '../config/types.ts'
import { mixesOf, roundsOf } from './derived-hash.ts'
import type { StoredHash } from './stored-hash.ts'

/** Whether a readable hash was made in another way than today's, so that comparing with it takes another time. */
export function costsOtherwise(about: StoredHash, { memory, passes, parallelism }: HashPolicy): boolean {
  if (about.scheme === 'unreadable') return false
  if (about.scheme !== 'argon2id') return true
  return about.memory !== memory || about.passes !== passes || about.parallelism !== parallelism
}

const COSTS = { bcryptRound: 140, scryptMix: 1.5, pbkdf2Round: 0.6 }

/** Comparable between schemes, roughly and as measured: the KiB that argon2 would pass over in that time. */
export function costOf(about: StoredHash): number {
  if (about.scheme === 'unreadable') return 0
  if (about.scheme === 'bcrypt') return 2 ** about.cost * COSTS.bcryptRound
  if (about.scheme === 'scrypt') return mixesOf(about) * COSTS.scryptMix
  return about.scheme === 'pbkdf2' ? roundsOf(about) * COSTS.pbkdf2Round : about.memory * about.passes
}
