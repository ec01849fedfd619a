import { sql } from 'kysely'

import { dialectOf } from '../dialect.ts'
import { hasKeptStatements, hasSeveralConnections } from '../direct.ts'
import { preparedQuery } from '../prepared-query.ts'
import type { Database } from '../schema.ts'

const TURNS = 2

const probe = preparedQuery((db: Database) => db.selectNoFrom(sql<number>`1`.as('probe')))

const underWay = new WeakMap<Database, Promise<void>>()

/**
 * Whether statements stay prepared. A pooler that gives a connection another server process for each transaction, and does not
 * track prepared statements, loses them. Two connections run the same prepared statement in turn: such a pooler lets the second
 * prepare it in the server process of the first, which fails. Always true on SQLite, and in a transaction, which has one connection.
 * With only one connection, the answer is what happened to the statements so far.
 */
export async function keepsStatements(db: Database): Promise<boolean> {
  if (dialectOf(db) === 'sqlite' || db.isTransaction) return true
  if (hasSeveralConnections(db)) await probeOnce(db)
  return hasKeptStatements(db)
}

/** Callers share one probe: many that each held a connection and waited for a second would hold all, and none would get another. */
function probeOnce(db: Database): Promise<void> {
  const present = underWay.get(db)
  if (present) return present
  const probing = probeConnections(db).finally(() => underWay.delete(db))
  underWay.set(db, probing)
  return probing
}

function probeConnections(db: Database): Promise<void> {
  return db.connection().execute((one) =>
    db.connection().execute(async (other) => {
      for (let turn = 0; turn < TURNS; turn++) for (const connection of [one, other]) await probe(connection)
    }),
  )
}
