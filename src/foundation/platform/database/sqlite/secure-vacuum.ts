import { setTimeout as sleep } from 'node:timers/promises'

import { sql } from 'kysely'

import { databaseSize } from '../database-facts.ts'
import { isBusy, isDown } from '../errors.ts'
import type { Database } from '../schema.ts'
import { runInTransaction } from '../transaction.ts'

const MAX_RETRIES = 20
const PAUSE = 50
/** SQLite keeps 32 bits with a sign. */
const MOST_OWED = 2 ** 31 - 2

export interface ScrubOptions {
  /** In bytes: a larger file keeps its gaps, because rewriting it would hold up everybody. No limit when left out. */
  readonly largest?: number
}

/**
 * Notes in the transaction that clears plain values that the file is to be scrubbed after it; a crash in between, or a
 * secureVacuum that fails, leaves the note for the next start. It is a number that SQLite keeps in the file for whoever owns it.
 */
export async function markVacuumPending(trx: Database): Promise<void> {
  if (trx.dialect === 'postgres') return
  await writeOwed(trx, ((await readOwed(trx)) % MOST_OWED) + 1)
}

export async function isVacuumPending(db: Database): Promise<boolean> {
  return db.dialect === 'sqlite' && (await readOwed(db)) !== 0
}

/**
 * Removes what deleted or cleared values left behind in a SQLite file: rewrites it without gaps and empties the
 * write-ahead log. Gives false when the file was too large, another program was in the way or the disk is full. Nothing
 * to do on PostgreSQL. Not inside a transaction.
 */
export async function secureVacuum(db: Database, { largest = Infinity }: ScrubOptions = {}): Promise<boolean> {
  if (db.dialect === 'postgres') return true
  const owed = await readOwed(db)
  const rewritten = (await databaseSize(db)).bytes <= largest && (await wasDone(() => rewrite(db)))
  const emptied = await wasDone(() => emptyLog(db))
  return rewritten && emptied && wasDone(() => clearPendingMark(db, owed))
}

/** Counts up, so that nobody takes back what another process has noted meanwhile. */
async function clearPendingMark(db: Database, owed: number): Promise<boolean> {
  if (owed === 0) return true
  await runInTransaction(db, async (trx) => {
    if ((await readOwed(trx)) === owed) await writeOwed(trx, 0)
  })
  return true
}

async function readOwed(db: Database): Promise<number> {
  const { rows } = await sql<{ owed: number }>`select user_version as owed from pragma_user_version`.execute(db)
  return rows[0]?.owed ?? 0
}

async function writeOwed(trx: Database, owed: number): Promise<void> {
  await sql`pragma user_version = ${sql.lit(owed)}`.execute(trx)
}

async function rewrite(db: Database): Promise<boolean> {
  await sql`vacuum`.execute(db)
  return true
}

async function wasDone(work: () => Promise<boolean>): Promise<boolean> {
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
