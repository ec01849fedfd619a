// What the URL of a database says.
import { join, resolve } from 'node:path'

import type { Secret } from '#foundation/kernel/secret.ts'

const PARTS = /^(postgres(?:ql)?:\/\/(?:[^/?#]*@)?)([^/?#@]*)(.*)$/is
const DEFAULT_PORT = '5432'

/** The URL of the SQLite database in a data folder, the default of `database_url`. */
export function ownDatabaseUrl(dataDir: string): string {
  return `sqlite:${join(dataDir, 'doorward.db')}`
}

/** Whether a database URL names PostgreSQL, by its scheme. */
export function isPostgres(url: string): boolean {
  return /^postgres(ql)?:\/\//i.test(url)
}

/** The path in `sqlite:PATH`. Throws an Error for a URL that names no file. */
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

/**
 * For each host that a PostgreSQL URL lists, in order, the URL with that host alone: `postgres://ada@a:5432,b/doorward` names
 * two. User, database and parameters are those of the list. Undefined if the URL cannot be parsed, if a list has an
 * empty entry, or if a list is combined with a host or port parameter, which would replace each entry.
 */
export function hostUrls(url: string): string[] | undefined {
  const [, before = '', list = '', after = ''] = PARTS.exec(url) ?? []
  const urls = list.split(',').map((host) => before + host + after)
  const parsed = urls.map((each) => URL.parse(each))
  if (before === '' || !parsed.every((each) => each !== null)) return undefined
  const [first] = parsed
  if (urls.length === 1 || first === undefined) return urls
  const overrides = ['host', 'port'].some((name) => first.searchParams.has(name))
  return overrides || parsed.some(({ hostname }) => hostname === '') ? undefined : urls
}

/** Hosts and ports of PostgreSQL, such as `db-a:5432,db-b:5432`, or the folder of a Unix socket, without password; undefined for SQLite. */
export function serverNameIn(databaseUrl: Secret): string | undefined {
  const names = hostUrls(databaseUrl.reveal())?.map((url) => hostAndPort(new URL(url)))
  return names?.join(',')
}

function hostAndPort(url: URL): string {
  const host = url.searchParams.get('host') ?? (decodeURIComponent(url.hostname) || 'localhost')
  return host.startsWith('/') ? host : `${host}:${url.searchParams.get('port') ?? (url.port || DEFAULT_PORT)}`
}
