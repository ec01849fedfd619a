// How much room the database takes.
import { sql } from 'kysely'

import { dialectOf } from '../../platform/database/dialect.ts'
import type { Dialect } from '../../platform/database/dialect.ts'
import type { Database } from '../../platform/database/schema.ts'

export interface DatabaseSize {
  readonly kind: Dialect
  readonly bytes: number
}

export async function selectDatabaseSize(db: Database): Promise<DatabaseSize> {
  const kind = dialectOf(db)
  const size =
    kind === 'postgres'
      ? sql<{ bytes: number }>`select pg_database_size(current_database()) as bytes`
      : sql<{ bytes: number }>`select page_count * page_size as bytes from pragma_page_count(), pragma_page_size()`
  const { rows } = await size.execute(db)
  return { kind, bytes: rows[0]?.bytes ?? 0 }
}
