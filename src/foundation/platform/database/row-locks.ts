import type { Database } from './database.ts'

/**
 * Locks the rows that a query reads against changes until the transaction ends. On SQLite no lock is needed, because the transaction is
 * the only writer.
 */
export function forShare<Query extends { forShare(): Query }>(trx: Database, query: Query): Query {
  return trx.dialect === 'sqlite' ? query : query.forShare()
}

/** The same with an exclusive lock: the query waits for transactions that have locked the rows, and later ones wait for this one. */
export function forUpdate<Query extends { forNoKeyUpdate(): Query }>(trx: Database, query: Query): Query {
  return trx.dialect === 'sqlite' ? query : query.forNoKeyUpdate()
}
