import type { Database } from './schema.ts'
import type { SqliteHandle } from './sqlite-handle.ts'

const readers = new WeakMap<Database, SqliteHandle>()

/** Lets hot queries on this database go straight to its reading handle; half of such a look-up is Kysely's executor. */
export function offerDirectRead(db: Database, reader: SqliteHandle): void {
  readers.set(db, reader)
}

/** The reading handle; undefined inside a transaction, which is another object, and on PostgreSQL. */
export function directReader(db: Database): SqliteHandle | undefined {
  return readers.get(db)
}
