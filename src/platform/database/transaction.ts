import { setTimeout as sleep } from 'node:timers/promises'

import { Refusal } from '../../kernel/refusal.ts'
import { workingIn } from './direct.ts'
import type { Database } from './schema.ts'
import { asRefusal, isWorthRepeating } from './errors.ts'

const MOST_RUNS = 5
const LONGEST_PAUSE = 20

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
  for (let run = 1; run < MOST_RUNS; run++) {
    const outcome = await unlessWorthRepeating(db, work)
    if (outcome) return outcome.result
    await sleep(Math.random() * LONGEST_PAUSE * run)
  }
  return runOnce(db, work)
}

async function unlessWorthRepeating<Result>(
  db: Database,
  work: (trx: Database) => Promise<Result>,
): Promise<{ result: Result } | undefined> {
  try {
    return { result: await runOnce(db, work) }
  } catch (error) {
    if (isWorthRepeating(error instanceof Refusal ? error.cause : error)) return undefined
    throw error
  }
}

async function runOnce<Result>(db: Database, work: (trx: Database) => Promise<Result>): Promise<Result> {
  try {
    return await db.transaction().execute((trx) => workingIn(db, trx, work))
  } catch (error) {
    throw asRefusal(error) ?? error
  }
}
