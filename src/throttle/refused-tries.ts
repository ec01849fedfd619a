// How often a closed bucket was tried, in memory only: a flood of refused tries must not write.
import type { Database } from '../platform/database/schema.ts'

const MOST_BUCKETS = 10_000

const counts = new WeakMap<Database, Map<string, number>>()

/** The counts that belong to one database, by bucket key. */
export function blockedGuesses(db: Database): ReadonlyMap<string, number> {
  return countsOf(db)
}

export function countBlockedGuess(db: Database, key: string): void {
  const tries = countsOf(db)
  const count = (tries.get(key) ?? 0) + 1
  // Put at the end again, so that the one dropped for lack of room is the one not tried for longest.
  tries.delete(key)
  tries.set(key, count)
  if (tries.size <= MOST_BUCKETS) return
  const [oldest] = tries.keys()
  if (oldest !== undefined) tries.delete(oldest)
}

export function clearBlockedGuesses(db: Database, keys: readonly string[]): void {
  const tries = countsOf(db)
  for (const key of keys) tries.delete(key)
}

function countsOf(db: Database): Map<string, number> {
  const known = counts.get(db)
  if (known) return known
  const made = new Map<string, number>()
  counts.set(db, made)
  return made
}
