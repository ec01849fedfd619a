import { sql } from 'kysely'

import type { Dialect } from '../dialect.ts'
import { inSavepoint } from '../savepoint.ts'
import type { Database } from '../database.ts'

/** Creates the table for the search of users, with a trigram index. Returns remarks for the operator. */
export async function createUserSearch(trx: Database, dialect: Dialect): Promise<string[]> {
  if (dialect === 'postgres') return createOnPostgres(trx)
  // The words are folded already; without `case_sensitive`, SQLite would fold them again by other rules.
  await sql`create virtual table user_search using fts5(user_id unindexed, words, tokenize = 'trigram case_sensitive 1')`.execute(
    trx,
  )
  // Deleted words are removed from the index at once, so that the name of a deleted user does not stay in the file.
  await sql`insert into user_search (user_search, rank) values ('secure-delete', 1)`.execute(trx)
  return []
}

async function createOnPostgres(trx: Database): Promise<string[]> {
  await trx.schema
    .createTable('user_search')
    .addColumn('user_id', 'integer', (id) => id.primaryKey())
    .addColumn('words', 'text', (words) => words.notNull())
    .execute()
  if (!(await haveTrigrams(trx))) {
    return [
      'The extension pg_trgm could not be created, so each search for users reads the whole table. Ask the database administrator to create it.',
    ]
  }
  await sql`create index user_search_words on user_search using gin (words gin_trgm_ops)`.execute(trx)
  return []
}

async function haveTrigrams(trx: Database): Promise<boolean> {
  const created = inSavepoint(trx, () => sql`create extension if not exists pg_trgm`.execute(trx))
  return created.then(
    () => true,
    () => false,
  )
}
