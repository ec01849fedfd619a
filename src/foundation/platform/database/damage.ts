import { sql } from 'kysely'

import type { Database } from './schema.ts'

/**
 * Whether SQLite finds a damaged page in its file. It reads the whole file and blocks the process meanwhile, so a server does not
 * call it. False on PostgreSQL, where data checksums and `amcheck` check that.
 */
export async function isDamaged(db: Database): Promise<boolean> {
  if (db.dialect === 'postgres') return false
  const { rows } = await sql<{ quick_check: string }>`pragma quick_check(1)`.execute(db)
  return rows[0]?.quick_check !== 'ok'
}
