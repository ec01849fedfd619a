import { sql } from 'kysely'

import type { Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { asciiLower, ignoringCase, isKeyless } from '#foundation/platform/database/keyless.ts'
import { forUpdate } from '#foundation/platform/database/lock.ts'
import { countRows, hasRow } from '#foundation/platform/database/row-count.ts'
import { putSearchWords } from '#foundation/platform/database/search.ts'

export type KeylessRow = Awaited<ReturnType<typeof keylessRows>>[number]

export interface CompletedRow {
  readonly id: number
  readonly usernameKey: string | null
  readonly emailKey: string | null
  readonly words: string
}

const COLUMNS = [
  'id',
  'username',
  'email',
  'full_name as fullName',
  'email_key as emailKey',
  'completed_at as completedAt',
] as const

/** Returns rows without a username key, by id. The cast admits a start below the range of the column. */
export function keylessRows(db: Database, afterId: number, limit: number) {
  return db
    .selectFrom('users')
    .select(COLUMNS)
    .where(isKeyless('username_key'))
    .where('id', '>', sql<number>`cast(${afterId} as bigint)`)
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Returns those of the rows that still have no username key, by id, and locks them until the transaction ends. */
export function takeKeylessRows(db: Database, ids: readonly number[]): Promise<KeylessRow[]> {
  const query = db.selectFrom('users').select(COLUMNS).where('id', 'in', ids).where(isKeyless('username_key'))
  return forUpdate(db, query.orderBy('id')).execute()
}

/** Returns how many externally inserted rows have not been completed yet. */
export function countIncompleteRows(db: Database): Promise<number> {
  return countRows(db.selectFrom('users').where(isKeyless('username_key')).where('completed_at', 'is', null))
}

/** Returns which of the keys rows already have. */
export async function takenKeys(
  db: Database,
  wanted: readonly { usernameKey: string | null; emailKey: string | null }[],
) {
  const taken = async (column: 'username_key' | 'email_key', field: 'usernameKey' | 'emailKey') => {
    const keys = wanted.flatMap((row) => row[field] ?? [])
    const rows = await db
      .selectFrom('users')
      .select(`${column} as key`)
      .where(column, 'in', ['', ...keys])
      .execute()
    return new Set(rows.flatMap(({ key }) => key ?? []))
  }
  return { usernames: await taken('username_key', 'usernameKey'), emails: await taken('email_key', 'emailKey') }
}

/** Whether a row without a key in that column has one of these texts there, ignoring the case of ASCII letters. */
export function keylessNamesakeExists(
  db: Database,
  column: 'username' | 'email',
  texts: readonly string[],
  /** `besides` excludes the row with that id, `before` all rows from that id on. */
  { besides, before }: { readonly besides?: number | undefined; readonly before?: number },
): Promise<boolean> {
  return hasRow(
    db
      .selectFrom('users')
      .select('id')
      .where(isKeyless(`${column}_key`))
      .where(column, 'is not', null)
      .where(ignoringCase(db.dialect, column), 'in', texts.map(asciiLower))
      .$if(besides !== undefined, (query) => query.where('id', '!=', besides ?? 0))
      .$if(before !== undefined, (query) => query.where('id', '<', before ?? 0)),
  )
}

/** Writes the keys of all rows by one statement, so that a million rows do not take a million round trips. */
export async function writeCompleted(db: Database, rows: readonly CompletedRow[], now: Instant): Promise<void> {
  const values = rows.map(
    ({ id, usernameKey, emailKey }) =>
      sql`(cast(${id} as bigint), cast(${usernameKey} as text), cast(${emailKey} as text))`,
  )
  await sql`
    with found (id, username_key, email_key) as (values ${sql.join(values)})
    update users set username_key = found.username_key, email_key = found.email_key, completed_at = ${now}
    from found where users.id = found.id`.execute(db)
  await writeSearchWords(db, rows)
}

/** Writes the search words: on PostgreSQL by one statement, on SQLite, in the same process, row by row. */
async function writeSearchWords(db: Database, rows: readonly CompletedRow[]): Promise<void> {
  if (db.dialect === 'sqlite') {
    for (const { id, words } of rows) await putSearchWords(db, id, words)
    return
  }
  await db
    .insertInto('user_search')
    .values(rows.map(({ id, words }) => ({ user_id: id, words })))
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet((eb) => ({ words: eb.ref('excluded.words') })))
    .execute()
}
