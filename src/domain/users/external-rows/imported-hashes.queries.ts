import { sql, type SqlBool } from 'kysely'

import type { Database } from '#foundation/platform/database/database.ts'
import { preparedQuery } from '#foundation/platform/database/prepared-query.ts'
import { USER_COLUMNS } from '#foundation/platform/database/user-columns.ts'
import type { UserRow } from '../user-row.ts'

/** Returns the length of the prefix of a hash that contains its scheme and cost, such as `$2b$12$`, and little of its salt. */
function schemeLength(hash: string): number {
  if (hash.startsWith('$2')) return 7
  if (/^\$pbkdf2\$/i.test(hash)) return 14
  return /^scrypt/i.test(hash) ? 16 : 20
}

/** The limit for hashes that differ by salt in that prefix; the cost of a hash beyond the limit is measured at its first verification. */
const MOST_KINDS = 500
const LAST_CHARACTER = '\u{10FFFF}'

/**
 * Returns the first and the last hash of each imported scheme and cost. If the prefix cuts off a cost, one of the two has the highest.
 * Goes from kind to kind by the partial index of imported hashes: reading a million rows would delay every request.
 */
export async function selectImportedHashes(db: Database): Promise<string[]> {
  const found = new Set<string>()
  let last = ''
  for (let kind = 0; kind < MOST_KINDS; kind++) {
    const first = (await hashAfter(db, last))[0]?.hash
    // A SQLite file may contain a BLOB, which sorts after all texts.
    if (typeof first !== 'string') break
    const beyond = first.slice(0, schemeLength(first)) + LAST_CHARACTER
    last = (await hashBefore(db, beyond, first))[0]?.hash ?? first
    found.add(first).add(last)
  }
  return [...found]
}

/** A literal, not a parameter, so that both databases can use the partial index with this condition. */
const IS_FOREIGN = sql<SqlBool>`hashed_password not like '$argon2id$%'`

const hashAfter = preparedQuery((db: Database, after: string) => {
  const hashes = db.selectFrom('users').select('hashed_password as hash').where(IS_FOREIGN)
  return hashes.where('hashed_password', '>', after).orderBy('hashed_password').limit(1)
})

const hashBefore = preparedQuery((db: Database, beyond: string, from: string) => {
  const hashes = db.selectFrom('users').select('hashed_password as hash').where(IS_FOREIGN)
  const within = hashes.where('hashed_password', '>=', from).where('hashed_password', '<', beyond)
  return within.orderBy('hashed_password', 'desc').limit(1)
})

/** Returns the users whose hash names this key, and perhaps some with a similar key id (`like`). Reads all users; keys are rarely lost. */
export function selectPepperedWith(db: Database, keyId: string): Promise<UserRow[]> {
  return db
    .selectFrom('users')
    .select(USER_COLUMNS)
    .where('hashed_password', 'like', `$argon2id$%,keyid=${keyId}$%`)
    .orderBy('id')
    .execute()
}
