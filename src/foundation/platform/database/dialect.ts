import { resolve } from 'node:path'

import type { Secret } from '../../kernel/secret.ts'
import type { Database } from './schema.ts'
import { openSqlite } from './sqlite/sqlite.ts'

export type Dialect = Database['dialect']

interface DatabasePlace {
  readonly databaseUrl: Secret
  /** An absolute path: the one folder that is made for a missing SQLite file. */
  readonly dataDir?: string
}

export interface OpenOptions {
  /** Whether a missing SQLite file is made; a missing PostgreSQL database never is. */
  readonly create: boolean
  /** Hears the text of each statement before it runs, `begin` and `commit` included; never a value. */
  readonly onStatement?: (text: string) => void
  /** On SQLite: whether a transaction that ended may wait a moment for others to share its commit. */
  readonly shouldBatch?: () => boolean
}

/**
 * Opens the database a URL names: `sqlite:PATH` (relative to the working directory) or `postgres://…`. Stays open until
 * `db.destroy()`. Throws an Error that says what is wrong and never repeats a PostgreSQL URL, which may hold a password.
 */
export async function openDatabase(config: DatabasePlace, options: OpenOptions): Promise<Database> {
  const url = config.databaseUrl.reveal()
  if (isPostgres(url)) {
    // Loaded only where it is used: a server on SQLite needs none of it.
    const { openPostgres } = await import('./postgres/postgres.ts')
    return openPostgres(config.databaseUrl, options)
  }
  return openSqlite(sqlitePathIn(url), { ...options, ...(config.dataDir !== undefined && { dataDir: config.dataDir }) })
}

export function isPostgres(url: string): boolean {
  return /^postgres(ql)?:\/\//i.test(url)
}

/** The path in `sqlite:PATH`. */
export function sqlitePathIn(url: string): string {
  if (!/^sqlite:/i.test(url)) throw new Error('The database URL must begin with sqlite: or postgres://')
  const path = url.slice('sqlite:'.length)
  if (path === '') throw new Error('The database URL names no file; write sqlite:PATH')
  if (path === ':memory:')
    throw new Error('A database in memory would forget everyone at the next start; write sqlite:PATH')
  // Three slashes are an absolute path to some programs and a relative one to others; guessing could make a second database.
  if (path.startsWith('//')) throw new Error('Write the database URL as sqlite:PATH, without //')
  return path
}

/** The absolute path of the file that a URL names; undefined for PostgreSQL. */
export function sqliteFileIn(databaseUrl: Secret): string | undefined {
  const url = databaseUrl.reveal()
  return isPostgres(url) ? undefined : resolve(sqlitePathIn(url))
}
