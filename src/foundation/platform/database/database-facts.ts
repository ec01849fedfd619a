// Facts about a database, read without changing it: size, location, tables, columns.
import { sql } from 'kysely'
import { stat } from 'node:fs/promises'

import type { Duration, Instant } from '#foundation/kernel/time.ts'
import type { Database } from './database.ts'
import type { Dialect } from './dialect.ts'

/** Size in bytes and number of users of a database, also of another program's; 0 users without such a table. */
export async function databaseFacts(db: Database): Promise<{ size: number; users: number }> {
  const { bytes: size } = await databaseSize(db)
  if ((await columnsOf(db, 'users')).length === 0) return { size, users: 0 }
  const counted = db.selectFrom('users').select((eb) => eb.fn.countAll().as('users'))
  const { users } = await counted.executeTakeFirstOrThrow()
  return { size, users: Number(users) }
}

/** Dialect and size of a database, also of another program's; without SQLite's write-ahead log. */
export async function databaseSize(db: Database): Promise<{ kind: Dialect; bytes: number }> {
  const size =
    db.dialect === 'postgres'
      ? sql<{ bytes: number }>`select pg_database_size(current_database()) as bytes`
      : sql<{ bytes: number }>`select page_count * page_size as bytes from pragma_page_count(), pragma_page_size()`
  const { rows } = await size.execute(db)
  return { kind: db.dialect, bytes: Number(rows[0]?.bytes ?? 0) }
}

/** Bytes of SQLite's write-ahead log; null on PostgreSQL. */
export async function logBytes(db: Database): Promise<number | null> {
  const path = await databasePath(db)
  if (path === undefined) return null
  // SQLite creates the file at the first write.
  return stat(`${path}-wal`).then(
    ({ size }) => size,
    () => 0,
  )
}

/** The SQLite file behind a database as an absolute path; undefined on PostgreSQL. */
export async function databasePath(db: Database): Promise<string | undefined> {
  if (db.dialect === 'postgres') return undefined
  const { rows } = await sql<{ file: string }>`select file from pragma_database_list where name = 'main'`.execute(db)
  return rows[0]?.file
}

/**
 * Whether SQLite finds a damaged page in its file. The check reads the whole file and blocks the process meanwhile, so a server does
 * not call it. False on PostgreSQL, which has data checksums and `amcheck` for this.
 */
export async function isDamaged(db: Database): Promise<boolean> {
  if (db.dialect === 'postgres') return false
  const { rows } = await sql<{ quick_check: string }>`pragma quick_check(1)`.execute(db)
  return rows[0]?.quick_check !== 'ok'
}

/** How far PostgreSQL's clock is ahead of this machine's; 0 on SQLite, which has no clock of its own. */
export async function clockSkew(db: Database, now: Instant): Promise<Duration> {
  if (db.dialect === 'sqlite') return 0
  const query = sql<{ at: string }>`select (extract(epoch from clock_timestamp()) * 1000)::bigint::text as at`
  const { rows } = await query.execute(db)
  return Number(rows[0]?.at ?? now) - now
}

/** Names of the columns of a table, in their order; none if the table does not exist. */
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

/** Those of these tables that exist. */
export async function existingTables(db: Database, names: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const name of names) if ((await columnsOf(db, name)).length > 0) found.push(name)
  return found
}

/**
 * All tables where this program would create its own: on PostgreSQL those of the current schema without those of extensions. Litestream's
 * tables are omitted, because they hold no data of a program.
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
