import { sql } from 'kysely'

import { dialectOf } from './dialect.ts'
import { columnsOf } from './inventory.ts'
import type { Database } from './schema.ts'

export interface DatabaseFacts {
  /** Bytes, without SQLite's write-ahead log. */
  readonly size: number
  /** Rows in `users`; 0 without such a table. */
  readonly users: number
}

/** How large a database is, whosever it is. */
export async function databaseFacts(db: Database): Promise<DatabaseFacts> {
  const { rows } = await sizeQuery(db).execute(db)
  const hasUsers = (await columnsOf(db, 'users')).length > 0
  return { size: Number(rows[0]?.size ?? 0), users: hasUsers ? await countUsers(db) : 0 }
}

function sizeQuery(db: Database) {
  if (dialectOf(db) === 'postgres') return sql<{ size: number }>`select pg_database_size(current_database()) as size`
  return sql<{ size: number }>`select page_count * page_size as size from pragma_page_count, pragma_page_size`
}

async function countUsers(db: Database): Promise<number> {
  const { count } = await db
    .selectFrom('users')
    .select((eb) => eb.fn.countAll().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}
