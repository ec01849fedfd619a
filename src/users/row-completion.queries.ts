import { sql } from 'kysely'

import { dialectOf } from '../platform/database/dialect.ts'
import type { Database } from '../platform/database/schema.ts'
import { putSearchWords } from '../platform/database/search.ts'

export interface IncompleteRow {
  readonly id: number
  readonly username: string | null
  readonly email: string | null
  readonly fullName: string | null
  readonly emailKey: string | null
}

export interface CompletedRow {
  readonly id: number
  readonly usernameKey: string | null
  readonly emailKey: string | null
  readonly words: string
}

/** Rows without a username key, by id. Cast, so that the start may be lower than the column can hold. */
export function incompleteRows(db: Database, afterId: number, limit: number): Promise<IncompleteRow[]> {
  return db
    .selectFrom('users')
    .select(['id', 'username', 'email', 'full_name as fullName', 'email_key as emailKey'])
    .where('username_key', 'is', null)
    .where('id', '>', sql<number>`cast(${afterId} as bigint)`)
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Which of the keys other rows already have. */
export async function takenKeys(
  db: Database,
  wanted: readonly { usernameKey: string | null; emailKey: string | null }[],
) {
  const usernames = wanted.flatMap(({ usernameKey }) => usernameKey ?? [])
  const emails = wanted.flatMap(({ emailKey }) => emailKey ?? [])
  const names = await db
    .selectFrom('users')
    .select('username_key as key')
    .where('username_key', 'in', ['', ...usernames])
    .execute()
  const addresses = await db
    .selectFrom('users')
    .select('email_key as key')
    .where('email_key', 'in', ['', ...emails])
    .execute()
  return { usernames: present(names), emails: present(addresses) }
}

/** One statement for all keys, so that a million adopted rows are not a million round trips. */
export async function writeCompleted(db: Database, rows: readonly CompletedRow[]): Promise<void> {
  const keyed = rows.filter(({ usernameKey, emailKey }) => usernameKey !== null || emailKey !== null)
  if (keyed.length > 0) await writeKeys(db, keyed)
  await writeSearchWords(db, rows)
}

async function writeKeys(db: Database, rows: readonly CompletedRow[]): Promise<void> {
  const values = rows.map(
    ({ id, usernameKey, emailKey }) =>
      sql`(cast(${id} as bigint), cast(${usernameKey} as text), cast(${emailKey} as text))`,
  )
  await sql`
    with found (id, username_key, email_key) as (values ${sql.join(values)})
    update users set username_key = found.username_key, email_key = found.email_key
    from found where users.id = found.id and coalesce(users.username_key, '') = ''`.execute(db)
}

/** One way to the server and back, where there is one; in the same process row by row. */
async function writeSearchWords(db: Database, rows: readonly CompletedRow[]): Promise<void> {
  if (dialectOf(db) === 'sqlite') {
    for (const { id, words } of rows) await putSearchWords(db, id, words)
    return
  }
  await db
    .insertInto('user_search')
    .values(rows.map(({ id, words }) => ({ user_id: id, words })))
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet((eb) => ({ words: eb.ref('excluded.words') })))
    .execute()
}

function present(rows: readonly { key: string | null }[]): Set<string> {
  return new Set(rows.flatMap(({ key }) => key ?? []))
}
