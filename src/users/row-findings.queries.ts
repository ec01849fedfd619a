import { sql } from 'kysely'
import type { RawBuilder, SqlBool } from 'kysely'

import { ROLES } from '../kernel/caller.ts'
import { LAST_INSTANT } from '../kernel/time.ts'
import type { Instant } from '../kernel/time.ts'
import { dialectOf } from '../platform/database/dialect.ts'
import { mayMixLetters } from '../platform/database/mixed-letters.ts'
import type { Database } from '../platform/database/schema.ts'
import { isImportedHash } from './imported-hashes.queries.ts'

export interface DoubtfulRow {
  readonly id: number
  readonly username: string | null
  readonly usernameKey: string | null
  readonly email: string | null
  readonly emailKey: string | null
  readonly role: string | null
  readonly completedAt: Instant | null
}

/** Rows that may be ill-formed: all that are, as far as SQL can tell, and perhaps some that are not. */
export function doubtfulRows(db: Database, limit: number): Promise<DoubtfulRow[]> {
  return db
    .selectFrom('users')
    .select(['id', 'username', 'username_key as usernameKey', 'email', 'email_key as emailKey', 'role'])
    .select('completed_at as completedAt')
    .where((eb) =>
      eb.or([
        eb.and([eb('username_key', 'is', null), eb('completed_at', 'is not', null)]),
        eb.and([
          eb.or([eb('username_key', 'is not', null), eb('completed_at', 'is not', null)]),
          eb.and([eb('email', 'is not', null), eb('email', '!=', ''), eb('email_key', 'is', null)]),
        ]),
        eb('role', 'not in', ROLES),
        // An address without a dot in its domain, with two @ or with a space.
        sql<boolean>`(email not like '%_@_%._%' and email not like '%_@localhost')`,
        eb('email', 'like', '%@%@%'),
        eb('email', 'like', '% %'),
      ]),
    )
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Rows whose username may mix Latin, Greek and Cyrillic letters; all that do so, and perhaps some that do not. */
export function mixedLetterRows(db: Database, limit: number): Promise<{ id: number; username: string | null }[]> {
  const rows = db
    .selectFrom('users')
    .select(['id', 'username'])
    .where(mayMixLetters(dialectOf(db)))
  return rows.orderBy('id').limit(limit).execute()
}

const TEXTS = ['username', 'email', 'full_name', 'otp_secret', 'role'] as const
const NUMBERS = [
  'email_verified_at',
  'created_at',
  'invited_at',
  'second_factor_at',
  'last_sign_in_at',
  'password_changed_at',
  'password_change_asked_at',
  'credential_epoch',
  'revision',
] as const

export interface UnreadableRow {
  readonly id: number
  /** The names of the columns in question, separated by spaces. */
  readonly columns: string
}

/**
 * Rows with a value that nothing can be made of: of another kind than its column's, which SQLite keeps as it was typed, a
 * number beyond all moments, or a hash of no scheme that is known here.
 */
export function unreadableRows(db: Database, limit: number): Promise<UnreadableRow[]> {
  const faults = [
    ...TEXTS.map((column) => ({ column, isSo: isBytes(column) })),
    ...NUMBERS.map((column) => ({ column, isSo: isNoNumber(column) })),
    { column: 'hashed_password', isSo: isNoHash() },
  ]
  const names = faults.map(({ column, isSo }) => sql`case when ${isSo} then ${sql.lit(`${column} `)} else '' end`)
  return db
    .selectFrom('users')
    .select(['id', sql<string>`trim(${sql.join(names, sql` || `)})`.as('columns')])
    .where((eb) => eb.or(faults.map(({ isSo }) => isSo)))
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** No text equals bytes, not even the one they would be. */
function isBytes(column: (typeof TEXTS)[number] | 'hashed_password'): RawBuilder<SqlBool> {
  return sql<SqlBool>`(cast(${sql.ref(column)} as text) <> ${sql.ref(column)})`
}

/** SQLite orders texts and bytes after every number. */
function isNoNumber(column: (typeof NUMBERS)[number]): RawBuilder<SqlBool> {
  return sql<SqlBool>`(${sql.ref(column)} not between ${sql.lit(-LAST_INSTANT)} and ${sql.lit(LAST_INSTANT)})`
}

function isNoHash(): RawBuilder<SqlBool> {
  const isOther = sql`hashed_password <> '' and hashed_password not like '$argon2id$%' and not ${isImportedHash()}`
  return sql<SqlBool>`(${isBytes('hashed_password')} or (${isOther}))`
}
