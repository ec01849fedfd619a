import type { Secret } from '../../kernel/secret.ts'
import { hostUrls } from '../config/postgres-url.ts'

const USUAL_PORT = '5432'

/**
 * Where PostgreSQL is to answer, such as `db.internal:5432`, several hosts separated by commas, or the folder of a Unix socket;
 * undefined for SQLite. Never a password.
 */
export function serverNameIn(databaseUrl: Secret): string | undefined {
  const names = hostUrls(databaseUrl.reveal())?.map((url) => nameIn(new URL(url)))
  return names?.join(',')
}

function nameIn(url: URL): string {
  const host = url.searchParams.get('host') ?? (decodeURIComponent(url.hostname) || 'localhost')
  return host.startsWith('/') ? host : `${host}:${url.searchParams.get('port') ?? (url.port || USUAL_PORT)}`
}
