import { sql } from 'kysely'

import type { With } from '../context.ts'
import { seconds, type Duration } from '../kernel/time.ts'
import { dialectOf } from '../platform/database/dialect.ts'
import { schemaStatus } from '../platform/database/schema-status.ts'
import type { Database } from '../platform/database/schema.ts'

/** Codes and lifetimes are judged by this node's clock, so it must agree with the clock that the nodes share. */
const WORST_SKEW = seconds(5)
const TOLD_SKEW = seconds(1)

const CHECKS = ['database', 'schema', 'clock', 'hasher'] as const
export type Check = (typeof CHECKS)[number]

/** What keeps this node from answering; empty when it is ready. */
export async function failingChecks(ctx: With<'db' | 'now' | 'hasher' | 'log'>): Promise<Check[]> {
  const database = await databaseChecks(ctx)
  const { workers, replaced } = ctx.hasher.stats()
  return workers === 0 && replaced > 0 ? [...database, 'hasher'] : database
}

async function databaseChecks({ db, now, log }: With<'db' | 'now' | 'log'>): Promise<Check[]> {
  try {
    const { state } = await schemaStatus(db)
    const isCurrent = state === 'current' || state === 'ahead'
    const skew = await skewOf(db, now)
    if (Math.abs(skew) > TOLD_SKEW)
      log.warn({ milliseconds: skew }, 'the clock of the database is ahead of ours or behind')
    return [...(isCurrent ? [] : ['schema' as const]), ...(Math.abs(skew) > WORST_SKEW ? ['clock' as const] : [])]
  } catch {
    return ['database']
  }
}

/** How far PostgreSQL's clock is ahead of ours; an SQLite database has none of its own. */
async function skewOf(db: Database, now: number): Promise<Duration> {
  if (dialectOf(db) === 'sqlite') return 0
  const { rows } = await sql<{
    at: string
  }>`select (extract(epoch from clock_timestamp()) * 1000)::bigint::text as at`.execute(db)
  return Number(rows[0]?.at ?? now) - now
}
