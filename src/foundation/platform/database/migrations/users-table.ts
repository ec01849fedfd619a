import { type RawBuilder, sql, type SqlBool } from 'kysely'

import type { Database } from '../database.ts'
import { textType, withColumns } from './make-table.ts'

/**
 * Creates the table of users. Each column that the legacy app does not have is nullable or has a default that any SQLite can compute, so
 * that the user of an externally inserted row with the columns of the legacy app can sign in. Ids are never reused.
 */
export async function createUsers(trx: Database, name = 'users'): Promise<void> {
  const postgres = trx.dialect === 'postgres'
  const started = trx.schema
    .createTable(name)
    .addColumn('id', 'integer', (id) =>
      postgres ? id.generatedByDefaultAsIdentity().primaryKey() : id.primaryKey().autoIncrement(),
    )
  const withLegacyColumns = withColumns(trx, started, {
    email: 'text?',
    username: 'text?',
    full_name: 'text?',
    hashed_password: 'text?',
    otp_secret: 'text?',
  })
    .addColumn('disabled', postgres ? textType(trx) : 'boolean', (disabled) => disabled.defaultTo(postgres ? '0' : 0))
    .addColumn('role', textType(trx), (role) => role.defaultTo('user'))
  const table = withColumns(trx, withLegacyColumns, OWN_NULLABLE_COLUMNS)
    .addColumn('subject', textType(trx), (subject) => subject.notNull().defaultTo(randomSubject(postgres)))
    .addColumn('credential_epoch', 'integer', (epoch) => epoch.notNull().defaultTo(0))
    .addColumn('revision', 'integer', (revision) => revision.notNull().defaultTo(0))
  await (postgres ? table : table.addCheckConstraint(ID_RANGE_NAME, idInRange())).execute()
}

/**
 * The constraint on ids in SQLite, whose integers exceed the safe integers of JavaScript: such an id could not be distinguished from
 * others, and neither could the ids after it. SQLite's error message contains the name of the constraint. PostgreSQL's column has 32 bits.
 */
const ID_RANGE_NAME = `id_at_most_${Number.MAX_SAFE_INTEGER}`

/** Whether the id of a row in `users` is a safe integer. */
export function idInRange(): RawBuilder<SqlBool> {
  return sql`id between ${sql.lit(Number.MIN_SAFE_INTEGER)} and ${sql.lit(Number.MAX_SAFE_INTEGER)}`
}

/** The columns without a default that the legacy app does not have. */
const OWN_NULLABLE_COLUMNS = {
  username_key: 'text?',
  email_key: 'text?',
  email_verified_at: 'bigint?',
  created_at: 'bigint?',
  invited_at: 'bigint?',
  second_factor_at: 'bigint?',
  last_sign_in_at: 'bigint?',
  password_changed_at: 'bigint?',
  password_change_asked_at: 'bigint?',
  locale: 'text?',
  time_zone: 'text?',
} as const

/** 128 random bits as 32 hex digits. */
function randomSubject(postgres: boolean): RawBuilder<string> {
  return postgres ? sql`replace(gen_random_uuid()::text, '-', '')` : sql`(lower(hex(randomblob(16))))`
}

/** Creates indexes over plain columns only: a program whose SQLite lacks a function cannot write to a table with an index over it. */
export async function createUserIndexes(trx: Database): Promise<void> {
  const index = (name: string) => trx.schema.createIndex(`users_${name}`).on('users')
  for (const column of ['username_key', 'email_key', 'subject']) {
    await index(`${column}_unique`).column(column).unique().execute()
  }
  for (const columns of [['role'], ['username', 'id'], ['email'], ['created_at', 'id'], ['last_sign_in_at', 'id']]) {
    await index(columns.join('_')).columns(columns).execute()
  }
  // Each start reads the hashes of other schemes.
  const imported = index('imported_hash').column('hashed_password')
  await imported.where(sql<boolean>`hashed_password not like '$argon2id$%'`).execute()
  // Almost always empty: the query for plaintext TOTP secrets of externally inserted rows must not read a million users.
  const plain = index('plain_secret').column('id')
  await plain.where(sql.ref('otp_secret'), 'is not', null).execute()
}
