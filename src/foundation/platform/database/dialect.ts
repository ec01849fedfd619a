import { realpath } from 'node:fs/promises'

import type { Secret } from '#foundation/kernel/secret.ts'
import { isPostgres, sqliteFileIn, sqlitePathIn } from '../config/database-url.ts'
import type { Database, OpenOptions } from './database.ts'
import { openSqlite } from './sqlite/sqlite.ts'

export type Dialect = Database['dialect']

interface DatabaseLocation {
  readonly databaseUrl: Secret
  /** An absolute path: the only folder that is created for a missing SQLite file. */
  readonly dataDir?: string
}

/**
 * Opens the database of a URL: `sqlite:PATH` (relative to the working directory) or `postgres://…`. It stays open until
 * `db.destroy()`. Throws an Error whose message never repeats a PostgreSQL URL, which may hold a password.
 */
export async function openDatabase(
  { databaseUrl, dataDir }: DatabaseLocation,
  options: OpenOptions,
): Promise<Database> {
  const url = databaseUrl.reveal()
  if (!isPostgres(url)) return openSqlite(sqlitePathIn(url), { ...options, ...(dataDir !== undefined && { dataDir }) })
  // The import is dynamic, so that a server on SQLite does not load the PostgreSQL driver.
  const { openPostgres } = await import('./postgres/postgres.ts')
  return openPostgres(databaseUrl, options)
}

/**
 * The location of the configured database: `sqlite:` and the real path of its file, or host, port and name on its server, without user
 * and password. It is derived from the configuration only, because an attacker who can change the database could forge its answer.
 */
export async function canonicalLocation(databaseUrl: Secret): Promise<string> {
  const file = sqliteFileIn(databaseUrl)
  if (file !== undefined) return `sqlite:${await realpath(file).catch(() => file)}`
  const { postgresLocation } = await import('./postgres/postgres.ts')
  return postgresLocation(databaseUrl)
}
