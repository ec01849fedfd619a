import { realpath } from 'node:fs/promises'
import { resolve } from 'node:path'

import type { Secret } from '../../kernel/secret.ts'
import { isPostgres, sqlitePathIn } from './dialect.ts'

/**
 * The location of the configured database: `sqlite:` and the real path of its file, or host, port and name on its server, without user
 * and password. It is derived from the configuration only, because an attacker who can change the database could forge its answer.
 */
export async function databaseAddress(databaseUrl: Secret): Promise<string> {
  const url = databaseUrl.reveal()
  if (!isPostgres(url)) return `sqlite:${await realPathOf(resolve(sqlitePathIn(url)))}`
  const { postgresAddress } = await import('./postgres/postgres.ts')
  return postgresAddress(databaseUrl)
}

/** The real path; the path itself if no file exists there. */
function realPathOf(path: string): Promise<string> {
  return realpath(path).catch(() => path)
}
