import { setTimeout as sleep } from 'node:timers/promises'

import { sql } from 'kysely'

import { Refusal } from '../../kernel/refusal.ts'
import { databaseSize } from './database-size.ts'
import { dialectOf } from './dialect.ts'
import type { Database } from './schema.ts'

const MOST_TRIES = 20
const PAUSE = 50

export interface ScrubOptions {
  /** In bytes: a larger file keeps its gaps, because rewriting it would hold up everybody. No limit when left out. */
  readonly largest?: number
}

/**
 * Removes what deleted or cleared values left behind in a SQLite file: rewrites it without gaps and empties the
 * write-ahead log. Gives false when the file was too large or another program was in the way. Nothing to do on
 * PostgreSQL. Not inside a transaction.
 */
export async function scrub(db: Database, { largest = Infinity }: ScrubOptions = {}): Promise<boolean> {
  if (dialectOf(db) === 'postgres') return true
  const rewritten = (await databaseSize(db)).bytes <= largest && (await rewrite(db))
  return (await emptyLog(db)) && rewritten
}

async function rewrite(db: Database): Promise<boolean> {
  try {
    await sql`vacuum`.execute(db)
    return true
  } catch (error) {
    if (error instanceof Refusal && error.code === 'service.busy') return false
    throw error
  }
}

async function emptyLog(db: Database): Promise<boolean> {
  for (let turn = 1; turn <= MOST_TRIES; turn++) {
    const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(db)
    if (rows[0]?.busy === 0) return true
    await sleep(PAUSE)
  }
  return false
}
