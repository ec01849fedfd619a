import { sql } from 'kysely'

import type { Database } from './schema.ts'
import { dialectOf } from './dialect.ts'

/** `Door` as a number: keeps our locks apart from those of other programs in the same database. */
const FAMILY = 0x446f6f72
const LOCKS = { admins: 1, 'set-up': 2, migration: 3, seal: 4, 'user counts': 5 } as const

export type LockName = keyof typeof LOCKS

/**
 * Waits until no other transaction holds this lock and keeps it until the transaction ends. On SQLite a transaction
 * already is the only writer. Throws outside a transaction, where PostgreSQL would let go at once.
 */
export async function lockFor(trx: Database, name: LockName): Promise<void> {
  requireTransaction(trx, name)
  if (dialectOf(trx) === 'sqlite') return
  await sql`select pg_advisory_xact_lock(${FAMILY}::int, ${LOCKS[name]}::int)`.execute(trx)
}

/** Takes the lock when it is free and tells whether it did, without waiting. */
export async function tryLockFor(trx: Database, name: LockName): Promise<boolean> {
  requireTransaction(trx, name)
  if (dialectOf(trx) === 'sqlite') return true
  const { rows } = await sql<{ taken: boolean }>`
    select pg_try_advisory_xact_lock(${FAMILY}::int, ${LOCKS[name]}::int) as taken`.execute(trx)
  return rows[0]?.taken === true
}

function requireTransaction(trx: Database, name: LockName): void {
  if (!trx.isTransaction) throw new Error(`The lock "${name}" can be held only inside a transaction`)
}
