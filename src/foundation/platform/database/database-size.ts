import { sql } from 'kysely'

import type { Dialect } from './dialect.ts'
import type { Database } from './schema.ts'

export interface DatabaseSize {
  readonly kind: Dialect
  /** Without SQLite's write-ahead log. */
  readonly bytes: number
}

/** How much room a database takes, whosever it is. */
export async function databaseSize(db: Database): Promise<DatabaseSize> {
  const kind = db.dialect
  const size =
    kind === 'postgres'
      ? sql<{ bytes: number }>`select pg_database_size(current_database()) as bytes`
      : sql<{ bytes: number }>`select page_count * page_size as bytes from pragma_page_count(), pragma_page_size()`
  const { rows } = await size.execute(db)
  return { kind, bytes: Number(rows[0]?.bytes ?? 0) }
}
