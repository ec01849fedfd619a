import { sql } from 'kysely'
import type { SqlBool } from 'kysely'
import type { Database } from '../../foundation/platform/database/database.ts'
import { USER_COLUMNS } from './user-row.ts'
import type { UserRow } from './user-row.ts'

/** How many characters of a hash contain its scheme and cost, such as `$2b$12$`, and little of its salt. */
function schemeLength(hash: string): number {
  if (hash.startsWith('$2')) return 7
  if (/^\$pbkdf2\$/i.test(hash)) return 14
  return /^scrypt/i.test(hash) ? 16 : 20
}

/** Where rows are told apart by their salts all the same; whatever is left out is measured when it is met. */
const MOST_KINDS = 500
const LAST_CHARACTER = '\u{10FFFF}'

/**
 * The first and the last hash of each scheme and cost that is not ours: where a cost was cut off, one of them is of the highest.
 * Goes from kind to kind along the index of just these rows, because reading all of a million would hold up every request.
 */
export async function selectImportedHashes(db: Database): Promise<string[]> {
  const found = new Set<string>()
  let last = ''
  for (let kind = 0; kind < MOST_KINDS; kind++) {
    const first = await hashAfter(db, last)
    // A SQLite file may have bytes there, which sort after all texts.
    if (typeof first !== 'string') break
    const beyond = first.slice(0, schemeLength(first)) + LAST_CHARACTER
    last = (await hashBefore(db, beyond, first)) ?? first
    found.add(first).add(last)
  }
  return [...found]
}

/** As literals, so that both engines see that the index of just these rows fits. */
const IS_FOREIGN = sql<SqlBool>`hashed_password not like '$argon2id$%'`

async function hashAfter(db: Database, after: string): Promise<string | null | undefined> {
  const hashes = db.selectFrom('users').select('hashed_password as hash').where(IS_FOREIGN)
  const row = await hashes.where('hashed_password', '>', after).orderBy('hashed_password').limit(1).executeTakeFirst()
  return row?.hash
}

async function hashBefore(db: Database, beyond: string, from: string): Promise<string | null | undefined> {
  const hashes = db.selectFrom('users').select('hashed_password as hash').where(IS_FOREIGN)
  const within = hashes.where('hashed_password', '>=', from).where('hashed_password', '<', beyond)
  return (await within.orderBy('hashed_password', 'desc').limit(1).executeTakeFirst())?.hash
}

/** Users whose hash names this key, and perhaps some whose key is spelled alike. Reads every user; keys are rarely lost. */
export function selectPepperedWith(db: Database, keyId: string): Promise<UserRow[]> {
  return db
    .selectFrom('users')
    .select(USER_COLUMNS)
    .where('hashed_password', 'like', `$argon2id$%,keyid=${keyId}$%`)
    .orderBy('id')
    .execute()
}
