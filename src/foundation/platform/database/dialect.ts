import { resolve } from 'node:path'

import type { Secret } from '../../kernel/secret.ts'
import type { Database } from './database.ts'
import { openSqlite } from './sqlite/sqlite.ts'

export type Dialect = Database['dialect']

interface DatabaseLocation {
  readonly databaseUrl: Secret
  /** An absolute path: the only folder that is created for a missing SQLite file. */
  readonly dataDir?: string
}

export interface OpenOptions {
  /** Whether a missing SQLite file is created. A missing PostgreSQL database is never created. */
  readonly create: boolean
  /** Is called with the text of each statement before it runs, including `begin` and `commit`; never with a value. */
  readonly onStatement?: (text: string) => void
  /** On SQLite: whether a transaction that ended waits for others to share its commit. */
  readonly shouldBatch?: () => boolean
}

/**
 * Opens the database of a URL: `sqlite:PATH` (relative to the working directory) or `postgres://…`. It stays open until
 * `db.destroy()`. Throws an Error whose message never repeats a PostgreSQL URL, which may hold a password.
 */
export async function openDatabase(config: DatabaseLocation, options: OpenOptions): Promise<Database> {
  const url = config.databaseUrl.reveal()
  if (isPostgres(url)) {
    // The import is dynamic, so that a server on SQLite does not load the PostgreSQL driver.
    const { openPostgres } = await import('./postgres/postgres.ts')
    return openPostgres(config.databaseUrl, options)
  }
  return openSqlite(sqlitePathIn(url), { ...options, ...(config.dataDir !== undefined && { dataDir: config.dataDir }) })
}

/** Whether a database URL names PostgreSQL, by its scheme. */
export function isPostgres(url: string): boolean {
  return /^postgres(ql)?:\/\//i.test(url)
}

/** The path in `sqlite:PATH`. */
export function sqlitePathIn(url: string): string {
  if (!/^sqlite:/i.test(url)) throw new Error('The database URL must begin with sqlite: or postgres://')
  const path = url.slice('sqlite:'.length)
  if (path === '') throw new Error('The database URL names no file; write sqlite:PATH')
  if (path === ':memory:')
    throw new Error('A database in memory would lose all users at the next start; write sqlite:PATH')
  // Some programs read three slashes as an absolute path and others as a relative one, so a guess could create a second database.
  if (path.startsWith('//')) throw new Error('Write the database URL as sqlite:PATH, without //')
  return path
}

/** The absolute path of the SQLite file of a URL; undefined for PostgreSQL. */
export function sqliteFileIn(databaseUrl: Secret): string | undefined {
  const url = databaseUrl.reveal()
  return isPostgres(url) ? undefined : resolve(sqlitePathIn(url))
}
