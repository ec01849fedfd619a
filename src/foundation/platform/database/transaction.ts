import { asRefusal } from './errors.ts'
import { repeating } from './postgres/repeating.ts'
import type { Database } from './database.ts'

/**
 * Runs `work` in one transaction and commits when it fulfils; inside a transaction, `work` joins it. After a serialization failure or a
 * deadlock of PostgreSQL, the whole work runs again, up to five times, so it must have no effects but its queries. Throws
 * `service.busy` or `service.unavailable` for a failure of the database, and any error of `work`.
 */
export async function runInTransaction<Result>(
  db: Database,
  work: (trx: Database) => Promise<Result>,
): Promise<Result> {
  if (db.isTransaction) return work(db)
  return repeating(() =>
    db.transact(work).catch((error: unknown) => {
      throw asRefusal(error) ?? error
    }),
  )
}
