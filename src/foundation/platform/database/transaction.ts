// Transactions: their repetition, their savepoints and, on PostgreSQL, their time limits.
import { sql } from 'kysely'
import { setTimeout as sleep } from 'node:timers/promises'

import { Refusal } from '#foundation/kernel/refusal.ts'
import type { Duration } from '#foundation/kernel/time.ts'
import type { Database, Transaction } from './database.ts'
import { asRefusal, isWorthRepeating } from './errors.ts'

const MOST_RUNS = 5
const LONGEST_PAUSE = 20

/**
 * Runs `work` in one transaction and commits when it fulfils; inside a transaction, `work` joins it. After a serialization failure or a
 * deadlock of PostgreSQL, the whole work runs again, up to five times, so it must have no effects but its queries. Throws
 * `service.busy` or `service.unavailable` for a failure of the database, and any error of `work`.
 */
export async function runInTransaction<Result>(
  db: Database,
  work: (trx: Transaction) => Promise<Result>,
): Promise<Result> {
  if (isOpen(db)) return work(db)
  return repeating(() =>
    db.transact(work).catch((error: unknown) => {
      throw asRefusal(error) ?? error
    }),
  )
}

function isOpen(db: Database): db is Transaction {
  return db.isTransaction
}

/**
 * Runs `once`, a transaction or a statement outside one, up to five times: again if PostgreSQL aborted it (serialization failure,
 * deadlock) or a pooler lost a prepared statement. A failed run has written nothing, so `once` must have no effects but its queries.
 * Throws the error of the last run.
 */
export async function repeating<Result>(once: () => Promise<Result>, run = 1): Promise<Result> {
  try {
    return await once()
  } catch (error) {
    if (run === MOST_RUNS || !isWorthRepeating(error instanceof Refusal ? error.cause : error)) throw error
  }
  await sleep(Math.random() * LONGEST_PAUSE * run)
  return repeating(once, run + 1)
}

/**
 * Runs `work` inside a savepoint of the open transaction. If it throws, its writes are rolled back and the transaction can continue;
 * without a savepoint, PostgreSQL refuses every statement after one that failed. Throws the error of `work`.
 */
export async function inSavepoint<Result>(trx: Transaction, work: () => Promise<Result>): Promise<Result> {
  await sql`savepoint nested`.execute(trx)
  try {
    return await work()
  } catch (error) {
    await sql`rollback to savepoint nested`.execute(trx)
    throw error
  } finally {
    await sql`release savepoint nested`.execute(trx)
  }
}

/**
 * SQL that sets the limits of the open transaction on PostgreSQL. They are no start-up parameters, because poolers refuse those, and not
 * set for the session, because a pooler gives the session to another client next.
 * @param statement how long one statement may run
 * @param idle how long the transaction may wait for its next statement; then the locks of a node that has crashed are released
 */
export function limitsOf(statement: Duration, idle: Duration): string {
  return `set local statement_timeout = ${statement}; set local idle_in_transaction_session_timeout = ${idle}`
}

/**
 * SQL that keeps PostgreSQL from compiling the queries of the open transaction (JIT). A server with LLVM compiles each query with a high
 * estimate of its cost, which takes some ten times as long as the query itself (decision 0042). Like the limits it is neither a start-up
 * parameter nor a setting of the session.
 */
export const WITHOUT_JIT = 'set local jit = off'

/** The SQL of `liftLimits`. A connection that has run it waits for answers without a time limit. */
export const UNLIMITED = limitsOf(0, 0)

/** Removes the time limits of the transaction, for work on all rows of a large database. */
export async function liftLimits(trx: Database): Promise<void> {
  if (trx.dialect === 'postgres') await sql.raw(UNLIMITED).execute(trx)
}
