import { sql } from 'kysely'

import { dialectOf } from './dialect.ts'
import { hasKeptStatements } from './direct.ts'
import { hotQuery } from './hot-query.ts'
import type { Database } from './schema.ts'

const TURNS = 2

const probe = hotQuery((db: Database) => db.selectNoFrom(sql<number>`1`.as('probe')))

/**
 * Whether statements stay prepared. A pooler that gives a connection another server process for each transaction, and does not
 * track prepared statements, loses them. Two connections run the same prepared statement in turn: such a pooler lets the second
 * prepare it in the server process of the first, which fails. Always true on SQLite, and in a transaction, which has one connection.
 */
export async function keepsStatements(db: Database): Promise<boolean> {
  if (dialectOf(db) === 'sqlite' || db.isTransaction) return true
  await db.connection().execute((one) =>
    db.connection().execute(async (other) => {
      for (let turn = 0; turn < TURNS; turn++) for (const connection of [one, other]) await probe(connection)
    }),
  )
  return hasKeptStatements(db)
}
