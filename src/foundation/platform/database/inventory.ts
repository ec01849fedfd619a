// What a database holds before we touch it.
import { sql } from 'kysely'

import type { Database } from './schema.ts'

/** Names of the columns of a table, in their order; none when there is no such table. */
export async function columnsOf(db: Database, table: string): Promise<string[]> {
  const query =
    db.dialect === 'postgres'
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

/**
 * Every table where ours would be made: on PostgreSQL those of that schema, without what extensions brought along. What
 * Litestream notes in a file that it copies is no program's data.
 */
export async function allTables(db: Database): Promise<string[]> {
  const query =
    db.dialect === 'postgres'
      ? sql<{ name: string }>`
          select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where n.nspname = current_schema() and c.relkind in ('r', 'p') and not exists (
            select from pg_depend d
            where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
          ) order by c.relname`
      : sql<{ name: string }>`
          select name from sqlite_master
          where type = 'table' and substr(name, 1, 7) <> 'sqlite_' and substr(name, 1, 12) <> '_litestream_' order by name`
  const { rows } = await query.execute(db)
  return rows.map(({ name }) => name)
}

/** Tables of a SQLite file with a foreign key to this table. */
export async function tablesReferringTo(db: Database, table: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select distinct m.name as name from sqlite_master m, pragma_foreign_key_list(m.name) f
    where m.type = 'table' and lower(f."table") = ${table}`.execute(db)
  return rows.map(({ name }) => name)
}
