import type { Database } from './schema.ts'

/** The rows that a query reads stay as they are until the transaction ends. On SQLite nobody else writes meanwhile. */
export function forShare<Query extends { forShare(): Query }>(trx: Database, query: Query): Query {
  return trx.dialect === 'sqlite' ? query : query.forShare()
}

/** The same, and nobody else may hold or take them: whoever is changing them now is waited for. */
export function forUpdate<Query extends { forNoKeyUpdate(): Query }>(trx: Database, query: Query): Query {
  return trx.dialect === 'sqlite' ? query : query.forNoKeyUpdate()
}
