import { stat } from 'node:fs/promises'

import { databasePath } from './dialect.ts'
import type { Database } from './schema.ts'

/** Bytes of SQLite's write-ahead log; null on PostgreSQL. */
export async function logBytes(db: Database): Promise<number | null> {
  const path = await databasePath(db)
  if (path === undefined) return null
  try {
    return (await stat(`${path}-wal`)).size
  } catch {
    // Not there while nothing waits in it.
    return 0
  }
}
