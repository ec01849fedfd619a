import { sql } from 'kysely'

import { columnsOf } from './database-facts.ts'
import type { Database, Transaction } from './database.ts'

/** `Door` as a number: separates these advisory locks from those of other programs in the same database. */
const FAMILY = 0x446f6f72
const LOCKS = {
  admins: 1,
  'set-up': 2,
  migration: 3,
  seal: 4,
  'external-rows': 5,
  'user-counts': 6,
  policies: 7,
  'signing-keys': 8,
  endings: 9,
} as const

export type LockName = keyof typeof LOCKS

/**
 * Waits until no other transaction holds this lock and takes it until the transaction ends. On PostgreSQL the lock is a row of
 * `named_lock`; the advisory lock before it excludes programs of the previous version, and is the only one while the first migration
 * runs. On SQLite it does nothing, because a transaction is the only writer. Throws outside a transaction, where PostgreSQL would
 * release the lock at once, and if the row is missing, because the lock would exclude nothing.
 */
export async function lockFor(trx: Transaction, name: LockName): Promise<void> {
  requireTransaction(trx, name)
  if (trx.dialect === 'sqlite') return
  const advisory = sql`pg_advisory_xact_lock(${FAMILY}::int, ${LOCKS[name]}::int)`
  if (await lacksRows(trx, name)) return void (await sql`select ${advisory}`.execute(trx))
  const { rows } = await sql`select ${advisory} from named_lock where name = ${name} for update`.execute(trx)
  if (rows.length === 0) throw new Error(`The table named_lock has no row "${name}", so nothing can be locked by it`)
}

/** Takes the lock if it is free, without waiting, and returns whether it did. Throws outside a transaction. */
export async function tryLockFor(trx: Database, name: LockName): Promise<boolean> {
  requireTransaction(trx, name)
  if (trx.dialect === 'sqlite') return true
  const { rows } = await sql<{ taken: boolean }>`
    select pg_try_advisory_xact_lock(${FAMILY}::int, ${LOCKS[name]}::int) as taken`.execute(trx)
  if (rows[0]?.taken !== true) return false
  if (await lacksRows(trx, name)) return true
  const free = await sql`select name from named_lock where name = ${name} for update skip locked`.execute(trx)
  return free.rows.length > 0
}

/** Whether this is a migration and none has created the rows yet. */
async function lacksRows(trx: Database, name: LockName): Promise<boolean> {
  return name === 'migration' && (await columnsOf(trx, 'named_lock')).length === 0
}

function requireTransaction(trx: Database, name: LockName): void {
  if (!trx.isTransaction) throw new Error(`The lock "${name}" can be held only inside a transaction`)
}

/** Locks the rows that a query reads against changes until the transaction ends. SQLite needs no lock: the transaction is the only writer. */
export function forShare<Query extends { forShare(): Query }>(trx: Database, query: Query): Query {
  return trx.dialect === 'sqlite' ? query : query.forShare()
}

/** The same with an exclusive lock: the query waits for transactions that have locked the rows, and later ones wait for this one. */
export function forUpdate<Query extends { forNoKeyUpdate(): Query }>(trx: Database, query: Query): Query {
  return trx.dialect === 'sqlite' ? query : query.forNoKeyUpdate()
}
