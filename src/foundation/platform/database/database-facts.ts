import { databaseSize } from './database-size.ts'
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
  const hasUsers = (await columnsOf(db, 'users')).length > 0
  return { size: (await databaseSize(db)).bytes, users: hasUsers ? await countUsers(db) : 0 }
}

async function countUsers(db: Database): Promise<number> {
  const { count } = await db
    .selectFrom('users')
    .select((eb) => eb.fn.countAll().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}
