import { sql } from 'kysely'

import { columnsOf } from './database-facts.ts'
import type { Database } from './database.ts'

/** `Door` as a number: separates these advisory locks from those of other programs in the same database. */
const FAMILY = 0x446f6f72
const LOCKS = { admins: 1, 'set-up': 2, migration: 3, seal: 4, 'external-rows': 5, 'user-counts': 6 } as const

export type LockName = keyof typeof LOCKS

/**
 * Waits until no other transaction holds this lock and takes it until the transaction ends. On PostgreSQL the lock is a row of
 * `named_lock`; the advisory lock before it excludes programs of the previous version, and is the only one while the first migration
 * runs. On SQLite it does nothing, because a transaction is the only writer. Throws outside a transaction, where PostgreSQL would
 * release the lock at once, and if the row is missing, because the lock would exclude nothing.
 */
export async function lockFor(trx: Database, name: LockName): Promise<void> {
  requireTransaction(trx, name)
  if (trx.dialect === 'sqlite') return
  if (name === 'migration' && !(await hasRows(trx))) {
    await sql`select ${advisory(name)}`.execute(trx)
    return
  }
  const { rows } = await sql`select ${advisory(name)} from named_lock where name = ${name} for update`.execute(trx)
  requireRow(rows, name)
}

/** Takes the lock if it is free, without waiting, and returns whether it did. Throws outside a transaction. */
export async function tryLockFor(trx: Database, name: LockName): Promise<boolean> {
  requireTransaction(trx, name)
  if (trx.dialect === 'sqlite') return true
  const { rows } = await sql<{ taken: boolean }>`
    select pg_try_advisory_xact_lock(${FAMILY}::int, ${LOCKS[name]}::int) as taken`.execute(trx)
  if (rows[0]?.taken !== true) return false
  if (name === 'migration' && !(await hasRows(trx))) return true
  const free = await sql`select name from named_lock where name = ${name} for update skip locked`.execute(trx)
  return free.rows.length > 0
}

function advisory(name: LockName) {
  return sql`pg_advisory_xact_lock(${FAMILY}::int, ${LOCKS[name]}::int)`
}

/** False until the migration that creates the rows has been committed. */
async function hasRows(trx: Database): Promise<boolean> {
  return (await columnsOf(trx, 'named_lock')).length > 0
}

function requireRow(rows: readonly unknown[], name: LockName): void {
  if (rows.length === 0) throw new Error(`The table named_lock has no row "${name}", so nothing can be locked by it`)
}

function requireTransaction(trx: Database, name: LockName): void {
  if (!trx.isTransaction) throw new Error(`The lock "${name}" can be held only inside a transaction`)
}
