// What a database holds before we touch it.
import { sql } from 'kysely'

import { dialectOf } from './dialect.ts'
import type { Database } from './schema.ts'

/** Names of the columns of a table, in their order; none when there is no such table. */
export async function columnsOf(db: Database, table: string): Promise<string[]> {
  const query =
    dialectOf(db) === 'postgres'
      ? sql<{ name: string }>`
          select attname as name from pg_attribute
          where attrelid = to_regclass(${table}) and attnum > 0 and not attisdropped order by attnum`
      : sql<{ name: string }>`select name from pragma_table_xinfo(${table})`
  const { rows } = await query.execute(db)
  return rows.map(({ name }) => name)
}

/** Which of these tables exist. */
export async function existingTables(db: Database, names: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const name of names) if ((await columnsOf(db, name)).length > 0) found.push(name)
  return found
}

/** Tables of a SQLite file with a foreign key to this table. */
export async function tablesReferringTo(db: Database, table: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select distinct m.name as name from sqlite_master m, pragma_foreign_key_list(m.name) f
    where m.type = 'table' and lower(f."table") = ${table}`.execute(db)
  return rows.map(({ name }) => name)
}
