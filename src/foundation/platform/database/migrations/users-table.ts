import { sql } from 'kysely'
import type { RawBuilder, SqlBool } from 'kysely'

import type { Dialect } from '../dialect.ts'
import type { Database } from '../schema.ts'
import { textType, withColumns } from './column-types.ts'

/**
 * The table of users. Whatever the origin app did not have is nullable or has a default that any SQLite can compute, so
 * that a row typed in by hand with the origin's columns can sign in. No id is ever given twice.
 */
export async function createUsers(trx: Database, dialect: Dialect, name = 'users'): Promise<void> {
  const postgres = dialect === 'postgres'
  const started = trx.schema
    .createTable(name)
    .addColumn('id', 'integer', (id) =>
      postgres ? id.generatedByDefaultAsIdentity().primaryKey() : id.primaryKey().autoIncrement(),
    )
  const origin = withColumns(started, dialect, {
    email: 'text?',
    username: 'text?',
    full_name: 'text?',
    hashed_password: 'text?',
    otp_secret: 'text?',
  })
    .addColumn('disabled', postgres ? textType(dialect) : 'boolean', (disabled) =>
      disabled.defaultTo(postgres ? '0' : 0),
    )
    .addColumn('role', textType(dialect), (role) => role.defaultTo('user'))
  const table = withColumns(origin, dialect, OWN_NULLABLE_COLUMNS)
    .addColumn('subject', textType(dialect), (subject) => subject.notNull().defaultTo(randomName(dialect)))
    .addColumn('credential_epoch', 'integer', (epoch) => epoch.notNull().defaultTo(0))
    .addColumn('revision', 'integer', (revision) => revision.notNull().defaultTo(0))
  await (postgres ? table : table.addCheckConstraint(ID_RANGE_NAME, idInRange())).execute()
}

/**
 * SQLite's integers go further than the numbers of JavaScript (and of JSON): such an id names nobody, and the ids after it
 * would be no better. Whoever types one reads the name of this constraint. PostgreSQL's column ends long before.
 */
const ID_RANGE_NAME = `id_at_most_${Number.MAX_SAFE_INTEGER}`

/** Whether the id of a row in `users` is one that a number holds exactly. */
export function idInRange(): RawBuilder<SqlBool> {
  return sql`id between ${sql.lit(Number.MIN_SAFE_INTEGER)} and ${sql.lit(Number.MAX_SAFE_INTEGER)}`
}

/** Of the columns that the origin app does not have, those without a default. */
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
function randomName(dialect: Dialect): RawBuilder<string> {
  return dialect === 'postgres' ? sql`replace(gen_random_uuid()::text, '-', '')` : sql`(lower(hex(randomblob(16))))`
}

/** Only plain columns: an index over a function would lock out programs whose SQLite lacks it. */
export async function createUserIndexes(trx: Database): Promise<void> {
  for (const column of ['username_key', 'email_key', 'subject']) {
    await trx.schema.createIndex(`users_${column}_unique`).on('users').column(column).unique().execute()
  }
  for (const columns of [['role'], ['username', 'id'], ['email'], ['created_at', 'id'], ['last_sign_in_at', 'id']]) {
    await trx.schema
      .createIndex(`users_${columns.join('_')}`)
      .on('users')
      .columns(columns)
      .execute()
  }
  // Whose hash is not ours yet is asked at every start.
  await trx.schema
    .createIndex('users_imported_hash')
    .on('users')
    .column('hashed_password')
    .where(sql<boolean>`hashed_password not like '$argon2id$%'`)
    .execute()
  // Almost always empty: finding the plain code secrets of rows typed by hand must not read a million users.
  await trx.schema
    .createIndex('users_plain_secret')
    .on('users')
    .column('id')
    .where(sql.ref('otp_secret'), 'is not', null)
    .execute()
}
