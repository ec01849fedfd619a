// Looks up users by the beginning of a username, an email or a session id.
import type { Database } from '#foundation/platform/database/database.ts'

/** Limit of names compared for suggestions, so that the work does not grow with the table. */
const MOST_CANDIDATES = 1000

/** Returns folded usernames with this beginning, at most `MOST_CANDIDATES`. */
export async function selectNamesLike(db: Database, beginning: string): Promise<string[]> {
  const rows = await db
    .selectFrom('users')
    .select('username_key')
    .where('username_key', '>=', beginning)
    .where('username_key', '<', `${beginning}\u{10FFFF}`)
    .orderBy('username_key')
    .limit(MOST_CANDIDATES)
    .execute()
  return rows.flatMap(({ username_key: name }) => (name === null ? [] : [name]))
}

/** Returns the id of the user with this folded email, verified or not. */
export async function selectIdByEmail(db: Database, emailKey: string): Promise<number | undefined> {
  const row = await db.selectFrom('users').select('id').where('email_key', '=', emailKey).executeTakeFirst()
  return row?.id
}

export async function selectSessionOwner(db: Database, sessionId: string): Promise<string | undefined> {
  const row = await db.selectFrom('session').select('subject').where('id', '=', sessionId).executeTakeFirst()
  return row?.subject
}
