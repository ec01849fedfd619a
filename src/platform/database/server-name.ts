import type { Secret } from '../../kernel/secret.ts'

const USUAL_PORT = '5432'

/** Where PostgreSQL is to answer, such as `db.internal:5432` or the folder of a Unix socket; undefined for SQLite. Never a password. */
export function serverNameIn(databaseUrl: Secret): string | undefined {
  const url = URL.parse(databaseUrl.reveal())
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol)) return undefined
  const host = url.searchParams.get('host') ?? (decodeURIComponent(url.hostname) || 'localhost')
  return host.startsWith('/') ? host : `${host}:${url.searchParams.get('port') ?? (url.port || USUAL_PORT)}`
}
