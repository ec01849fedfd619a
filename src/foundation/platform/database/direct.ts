// Statements past Kysely, whose executor is half of a look-up's work.
import type { Database } from './schema.ts'

/**
 * Runs one reading statement. Gives the rows, or undefined when it cannot just now and the executor, which waits, should.
 */
export type DirectRead = (text: string, values: readonly unknown[]) => Promise<unknown[] | undefined>

/** Runs one statement of any kind in the transaction that is open, and gives its rows. */
export type DirectRun = (text: string, values: readonly unknown[]) => unknown[]

export interface Direct {
  /** Whether prepared statements last; absent if they always do. */
  readonly keepsStatements?: () => boolean
  /** How many connections transactions may have at the same time; left out where it is one. */
  readonly connections?: number
  /** Outside any transaction. */
  readonly read: DirectRead
  /** Left out where only the executor knows the transaction's connection. */
  readonly run?: DirectRun
}

const offered = new WeakMap<Database, Direct>()
// Holds nothing beyond the end of a transaction, and each sign-in has two: a weak map would be the collector's work.
const open = new Map<Database, DirectRun>()

/** Lets hot queries on this database run past Kysely. */
export function offerDirect(db: Database, direct: Direct): void {
  offered.set(db, direct)
}

/** Undefined for a transaction, which is another object. */
export function directReadOf(db: Database): DirectRead | undefined {
  return offered.get(db)?.read
}

/** Whether statements that were prepared on this database have lasted so far. */
export function hasKeptStatements(db: Database): boolean {
  return offered.get(db)?.keepsStatements?.() ?? true
}

/** Whether two connections can be held at the same time; whoever holds the only one and asks for another waits for nothing. */
export function hasSeveralConnections(db: Database): boolean {
  return (offered.get(db)?.connections ?? 1) > 1
}

/** Undefined unless this is a transaction that is still open. */
export function directRunOf(trx: Database): DirectRun | undefined {
  return open.get(trx)
}

/** Does the work of a transaction on `db`; until it ends, hot queries on it may run past Kysely too. */
export async function workingIn<Result>(
  db: Database,
  trx: Database,
  work: (trx: Database) => Promise<Result>,
): Promise<Result> {
  const run = offered.get(db)?.run
  if (run === undefined) return work(trx)
  open.set(trx, run)
  try {
    return await work(trx)
  } finally {
    open.delete(trx)
  }
}
