// Looking for a user by what an administrator has in hand.
import type { Database } from '../../../foundation/platform/database/database.ts'

/** Enough to find a slip of the fingers, whatever the size of the table. */
const MOST_CANDIDATES = 1000

/** Usernames, folded, that begin like the word. */
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

/** Whose address this is, confirmed or not. */
export async function selectIdByEmail(db: Database, emailKey: string): Promise<number | undefined> {
  const row = await db.selectFrom('users').select('id').where('email_key', '=', emailKey).executeTakeFirst()
  return row?.id
}

/** Whose session this is. */
export async function selectSessionOwner(db: Database, sessionId: string): Promise<string | undefined> {
  const row = await db.selectFrom('session').select('subject').where('id', '=', sessionId).executeTakeFirst()
  return row?.subject
}
