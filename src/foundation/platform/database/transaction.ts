import { asRefusal } from './errors.ts'
import { repeating } from './postgres/repeating.ts'
import type { Database } from './schema.ts'

/**
 * Runs `work` in one transaction and commits when it fulfils; inside a transaction, `work` joins it. PostgreSQL's
 * serialization failures and deadlocks run the whole work again, five times in all, so it may have no effects but its
 * queries. Throws `service.busy` or `service.unavailable` for what the database cannot do now, and whatever `work` throws.
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
