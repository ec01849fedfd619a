// The search for users: the words of a user are found by any part of at least three characters, by a trigram index on both databases.
import { type RawBuilder, sql, type SqlBool } from 'kysely'

import type { Database } from './database.ts'

/** Shorter terms have no trigram; they are compared with the beginning of usernames and email addresses instead. */
const SHORTEST_SEARCH = 3

/** Whether a term is long enough for `matchingUserIds`, in characters. */
export function isSearchable(foldedTerm: string): boolean {
  return Array.from(foldedTerm).length >= SHORTEST_SEARCH
}

/** Replaces the words by which a user is found; `words` are folded and joined by line feeds. */
export async function putSearchWords(db: Database, userId: number, words: string): Promise<void> {
  if (db.dialect === 'sqlite') {
    await sql`insert or replace into user_search (rowid, user_id, words) values (${userId}, ${userId}, ${words})`.execute(
      db,
    )
    return
  }
  const inserting = db.insertInto('user_search').values({ user_id: userId, words })
  await inserting.onConflict((conflict) => conflict.column('user_id').doUpdateSet({ words })).execute()
}

/** Removes the words of a user, who is then not found any more. */
export async function dropSearchWords(db: Database, userId: number): Promise<void> {
  if (db.dialect === 'postgres') await db.deleteFrom('user_search').where('user_id', '=', userId).execute()
  else await sql`delete from user_search where rowid = ${userId}`.execute(db)
}

/**
 * Returns a subquery of the ids, as `id`, of users whose words contain the folded term. The term is literal: no character in it is a
 * wildcard or an operator. A term that is not `isSearchable` matches no user.
 */
export async function matchingUserIds(db: Database, foldedTerm: string): Promise<RawBuilder<number>> {
  // PostgreSQL refuses a text that contains NUL.
  if (!isSearchable(foldedTerm) || foldedTerm.includes('\0'))
    return sql<number>`(select user_id as id from user_search where 1 = 0)`
  if (db.dialect === 'sqlite') {
    const phrase = `"${foldedTerm.replaceAll('"', '""')}"`
    return sql<number>`(select rowid as id from user_search where words match ${phrase})`
  }
  const parts = await selectiveParts(db, foldedTerm)
  if (parts.length === 0)
    return sql<number>`(select user_id as id from user_search where words like ${pattern(foldedTerm)})`
  const read = sql.join(
    parts.map((part) => sql`words like ${pattern(part)}`),
    sql` and `,
  )
  return sql<number>`(select user_id as id from user_search where ${read} and strpos(words, ${foldedTerm}) > 0)`
}

function pattern(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
}

/** The newest users stand for all when the selectivity of a part of a term is estimated. */
const SAMPLE = 100
/** The index is not read by a part that this share of the users has. */
const COMMON_SHARE = 0.2

/**
 * Returns the parts of a term of several words by which PostgreSQL reads its trigram index; none if the whole term is best. GIN reads the
 * entries of each trigram of a pattern, also of one that every user has, as those of a mail domain.
 */
async function selectiveParts(db: Database, foldedTerm: string): Promise<string[]> {
  const parts = foldedTerm.split(/[^\p{L}\p{N}]+/u).filter(isSearchable)
  if (parts.length < 2) return []
  const sample = await db.selectFrom('user_search').select('words').orderBy('user_id', 'desc').limit(SAMPLE).execute()
  const mostOften = sample.length * COMMON_SHARE
  return parts.filter((part) => sample.filter(({ words }) => words.includes(part)).length < mostOften)
}

/** Whether the words of the user in the row of `users` contain the folded term; for a list that is read by another index until it is full. */
export function userHoldsTerm(db: Database, foldedTerm: string): RawBuilder<SqlBool> {
  return db.dialect === 'postgres'
    ? sql<SqlBool>`(select strpos(words, ${foldedTerm}) from user_search where user_id = users.id) > 0`
    : sql<SqlBool>`(select instr(words, ${foldedTerm}) from user_search where rowid = users.id) > 0`
}
