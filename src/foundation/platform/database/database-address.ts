import { realpath } from 'node:fs/promises'
import { resolve } from 'node:path'

import type { Secret } from '../../kernel/secret.ts'
import { isPostgres, sqlitePathIn } from './dialect.ts'

/**
 * Where a database is configured to be: `sqlite:` and the real path of its file, or host, port and name of the server's
 * database. Never asks the database, which may say what whoever changed it wants, and holds neither user nor password.
 */
export async function databaseAddress(databaseUrl: Secret): Promise<string> {
  const url = databaseUrl.reveal()
  if (!isPostgres(url)) return `sqlite:${await realPathOf(resolve(sqlitePathIn(url)))}`
  const { postgresAddress } = await import('./postgres/postgres.ts')
  return postgresAddress(databaseUrl)
}

/** The path itself where nothing is there. */
function realPathOf(path: string): Promise<string> {
  return realpath(path).catch(() => path)
}
