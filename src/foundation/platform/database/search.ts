// The search for users: the words of a user are found by any part of at least three characters, by a trigram index on both databases.
import { sql } from 'kysely'
import type { RawBuilder, SqlBool } from 'kysely'

import type { Database } from './database.ts'

/** Shorter terms have no trigram; they are compared with the beginning of usernames and email addresses instead. */
const SHORTEST_SEARCH = 3

/** Whether a term is long enough for `matchingUserIds`, in characters. */
export function isSearchable(foldedTerm: string): boolean {
  return Array.from(foldedTerm).length >= SHORTEST_SEARCH
}

/** Replaces the words by which a user is found; `words` are folded and joined by line feeds. */
export async function putSearchWords(db: Database, userId: number, words: string): Promise<void> {
  const row = { user_id: userId, words }
  const replacing =
    db.dialect === 'postgres'
      ? db
          .insertInto('user_search')
          .values(row)
          .onConflict((at) => at.column('user_id').doUpdateSet({ words }))
      : sql`insert or replace into user_search (rowid, user_id, words) values (${userId}, ${userId}, ${words})`
  await replacing.execute(db)
}

/** Removes the words of a user, who is then not found any more. */
export async function dropSearchWords(db: Database, userId: number): Promise<void> {
  if (db.dialect === 'postgres') await db.deleteFrom('user_search').where('user_id', '=', userId).execute()
  else await sql`delete from user_search where rowid = ${userId}`.execute(db)
}

/**
 * A subquery of the ids, as `id`, of users whose words contain the folded term. The term is literal: no character in it is a wildcard or
 * an operator. A term that is not `isSearchable` matches no user.
 */
export function matchingUserIds(db: Database, foldedTerm: string): RawBuilder<number> {
  // PostgreSQL refuses a text that contains NUL.
  if (!isSearchable(foldedTerm) || foldedTerm.includes('\0'))
    return sql<number>`(select user_id as id from user_search where 1 = 0)`
  if (db.dialect === 'postgres') {
    const pattern = `%${foldedTerm.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
    return sql<number>`(select user_id as id from user_search where words like ${pattern})`
  }
  const phrase = `"${foldedTerm.replaceAll('"', '""')}"`
  return sql<number>`(select rowid as id from user_search where words match ${phrase})`
}

/** Whether the words of the user in the row of `users` contain the folded term; for a list that is read by another index until it is full. */
export function userHoldsTerm(db: Database, foldedTerm: string): RawBuilder<SqlBool> {
  return db.dialect === 'postgres'
    ? sql<SqlBool>`(select strpos(words, ${foldedTerm}) from user_search where user_id = users.id) > 0`
    : sql<SqlBool>`(select instr(words, ${foldedTerm}) from user_search where rowid = users.id) > 0`
}
