import { sql } from 'kysely'

import type { Duration, Instant } from '../../kernel/time.ts'
import type { Database } from './schema.ts'

/** How far PostgreSQL's clock is ahead of ours; an SQLite database has none of its own. */
export async function clockSkew(db: Database, now: Instant): Promise<Duration> {
  if (db.dialect === 'sqlite') return 0
  const { rows } = await sql<{
    at: string
  }>`select (extract(epoch from clock_timestamp()) * 1000)::bigint::text as at`.execute(db)
  return Number(rows[0]?.at ?? now) - now
}
