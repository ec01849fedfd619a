import { dialectOf } from './dialect.ts'
import type { Database } from './schema.ts'

/** The rows that a query reads stay as they are until the transaction ends. On SQLite nobody else writes meanwhile. */
export function holdingRows<Query extends { forShare(): Query }>(trx: Database, query: Query): Query {
  return dialectOf(trx) === 'sqlite' ? query : query.forShare()
}
