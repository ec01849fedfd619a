// Removes the remains of deleted values from a SQLite file, and records that this is still to be done.
import { sql } from 'kysely'
import { setTimeout as sleep } from 'node:timers/promises'

import { databaseSize } from './database-facts.ts'
import type { Database } from './database.ts'
import { isBusy, isDown } from './errors.ts'
import { runInTransaction } from './transaction.ts'

const MAX_RETRIES = 20
const PAUSE = 50
/** `user_version` of SQLite is a signed 32-bit integer. */
const MAX_MARK = 2 ** 31 - 2

/**
 * Records, in the transaction that clears plaintext values, that `secureVacuum` must follow. If the process crashes before that or the
 * vacuum fails, the next start finds the mark. The mark is SQLite's `user_version`, a number for the application in the file.
 */
export async function markVacuumPending(trx: Database): Promise<void> {
  if (trx.dialect === 'postgres') return
  await writeMark(trx, ((await readMark(trx)) % MAX_MARK) + 1)
}

/** Whether `markVacuumPending` was called after the last successful `secureVacuum`; false on PostgreSQL. */
export async function isVacuumPending(db: Database): Promise<boolean> {
  return db.dialect === 'sqlite' && (await readMark(db)) !== 0
}

/**
 * Removes the remains of deleted and cleared values from a SQLite file: rewrites it and empties the write-ahead log. Returns false if
 * the file was too large, another program held a lock or the disk is full. Does nothing on PostgreSQL. Must run outside a transaction.
 * @param options.largest in bytes; a larger file is not rewritten, because all requests would wait for that
 */
export async function secureVacuum(db: Database, { largest = Infinity } = {}): Promise<boolean> {
  if (db.dialect === 'postgres') return true
  const mark = await readMark(db)
  const isRewritten = (await databaseSize(db)).bytes <= largest && (await falseIfBusy(() => rewrite(db)))
  const isEmptied = await falseIfBusy(() => emptyLog(db))
  return isRewritten && isEmptied && falseIfBusy(() => clearPendingMark(db, mark))
}

/** Clears the mark unless another process has set a higher one since it was read (lost update). */
async function clearPendingMark(db: Database, mark: number): Promise<boolean> {
  if (mark === 0) return true
  await runInTransaction(db, async (trx) => {
    if ((await readMark(trx)) === mark) await writeMark(trx, 0)
  })
  return true
}

async function readMark(db: Database): Promise<number> {
  const { rows } = await sql<{ mark: number }>`select user_version as mark from pragma_user_version`.execute(db)
  return rows[0]?.mark ?? 0
}

async function writeMark(trx: Database, mark: number): Promise<void> {
  await sql`pragma user_version = ${sql.lit(mark)}`.execute(trx)
}

async function rewrite(db: Database): Promise<boolean> {
  await sql`vacuum`.execute(db)
  return true
}

async function falseIfBusy(work: () => Promise<boolean>): Promise<boolean> {
  try {
    return await work()
  } catch (error) {
    if (isBusy(error) || isDown(error)) return false
    throw error
  }
}

async function emptyLog(db: Database): Promise<boolean> {
  for (let turn = 1; turn <= MAX_RETRIES; turn++) {
    const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(db)
    if (rows[0]?.busy === 0) return true
    await sleep(PAUSE)
  }
  return false
}
