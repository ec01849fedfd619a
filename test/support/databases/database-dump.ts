import { sql } from 'kysely'

import type { Database } from '#foundation/platform/database/database.ts'

export type Dump = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>

/** Every row of every table, by the table's name. */
export async function dumpOf(db: Database): Promise<Dump> {
  const tables = await db.introspection.getTables()
  const dump: Record<string, readonly Record<string, unknown>[]> = {}
  for (const { name, isView } of tables) {
    if (isView) continue
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(db)
    dump[name] = rows.map((row) => ({ ...row }))
  }
  return dump
}

/** The rows without those that any request may write: audit events, buckets, and when a session was last used. */
export async function durableRowsOf(db: Database): Promise<Dump> {
  const { audit_event: _events, throttle_bucket: _buckets, session = [], ...rest } = await dumpOf(db)
  return { ...rest, session: session.map(({ last_seen_at: _seen, ...row }) => row) }
}
