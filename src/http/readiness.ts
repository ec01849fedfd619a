import { sql } from 'kysely'

import { sealingOverdue } from '../audit/sealer.service.ts'
import type { With } from '../context.ts'
import { minutes, seconds } from '../kernel/time.ts'
import type { Duration } from '../kernel/time.ts'
import { dialectOf } from '../platform/database/dialect.ts'
import { schemaStatus } from '../platform/database/schema-status.ts'
import type { Database } from '../platform/database/schema.ts'

/** Codes and lifetimes are judged by this node's clock, so it must agree with the clock that the nodes share. */
const WORST_SKEW = seconds(5)
const TOLD_SKEW = seconds(1)

/** The sealer works twice a second: events that wait so long say that it failed a hundred times. */
const WORST_SEALING = minutes(1)

const CHECKS = ['database', 'schema', 'clock', 'audit', 'hasher'] as const
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
    if (state !== 'current' && state !== 'ahead') return ['schema']
    const skew = await skewOf(db, now)
    if (Math.abs(skew) > TOLD_SKEW)
      log.warn({ milliseconds: skew }, 'the clock of the database is ahead of ours or behind')
    const isUnsealed = (await sealingOverdue({ db, now })) > WORST_SEALING
    return [...(Math.abs(skew) > WORST_SKEW ? ['clock' as const] : []), ...(isUnsealed ? ['audit' as const] : [])]
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
