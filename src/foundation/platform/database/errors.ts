// Classifies the errors of both database drivers: conflict, busy, outage, lost primary, lost prepared statement.
import { Refusal } from '#foundation/kernel/refusal.ts'
import { errorCode } from '../system.ts'

const SQLITE_BUSY = 5
const SQLITE_LOCKED = 6
/** A read-only file, input/output error, damaged file, full disk, cannot open, not a database. */
const SQLITE_OUTAGES = new Set([8, 10, 11, 13, 14, 26])
/** UNIQUE, PRIMARY KEY and ROWID constraints (extended result codes). */
const SQLITE_UNIQUE = new Set([2067, 1555, 2579])

const POSTGRES_UNIQUE = '23505'
/** A column, an object, a function or a table of that name exists already. */
const POSTGRES_DUPLICATE: ReadonlySet<string> = new Set(['42701', '42710', '42723', '42P07'])
/** A statement cancelled by its timeout; a lock that is not available. */
const POSTGRES_BUSY = new Set(['57014', '55P03'])
/** Serialization failure and deadlock: the same transaction may succeed if it runs again. */
const POSTGRES_AGAIN = new Set(['40001', '40P01'])
/** A prepared statement that does not exist; a prepared statement whose name exists already. */
const POSTGRES_STATEMENT_LOST = new Set(['26000', '42P05'])
/** Connection exceptions, refused credentials, insufficient resources, operator intervention (PostgreSQL, appendix A). */
const POSTGRES_OUTAGE_CLASSES = new Set(['08', '28', '53', '57'])
/** A missing database; a database that accepts no connections; a read-only transaction, as on a server that just became a standby. */
const POSTGRES_OUTAGES = new Set(['3D000', '55000', '25006'])

/** A write to a read-only server; a server that shuts down, has crashed, or does not accept connections yet. */
const POSTGRES_PRIMARY_LOST = new Set(['25006', '57P01', '57P02', '57P03'])

const NETWORK_OUTAGES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
])
/** Errors of the PostgreSQL driver itself, which have no code. */
const DRIVER_OUTAGE =
  /^(Connection terminated|timeout (exceeded|expired)|Client has encountered a connection error|Cannot use a pool after|The server does not support SSL)/i

/** The message of the driver's pool if no connection became free in time. */
const POOL_EXHAUSTED = 'timeout exceeded when trying to connect'

/** SQLite's extended result code, 0 for any other error. */
function sqliteCodeOf(error: unknown): number {
  if (!(error instanceof Error) || errorCode(error) !== 'ERR_SQLITE_ERROR' || !('errcode' in error)) return 0
  return typeof error.errcode === 'number' ? error.errcode : 0
}

/** Whether a write violated a unique constraint; with `column`, whether that column is among those of the constraint. */
export function isUniqueViolation(error: unknown, column?: string): boolean {
  const isSqlite = SQLITE_UNIQUE.has(sqliteCodeOf(error))
  if (!isSqlite && errorCode(error) !== POSTGRES_UNIQUE) return false
  return column === undefined || (isSqlite ? sqliteColumns(error) : postgresColumns(error)).includes(column)
}

/** `UNIQUE constraint failed: users.username_key, users.email_key` */
function sqliteColumns(error: unknown): string[] {
  const listed = /constraint failed: (.+)$/.exec(String((error as Error).message))?.[1] ?? ''
  return listed.split(', ').map((name) => name.slice(name.indexOf('.') + 1))
}

/** `Key (username_key)=(…) already exists.`, in any language of the server. */
function postgresColumns(error: unknown): string[] {
  const detail = error instanceof Error && 'detail' in error ? String(error.detail) : ''
  return /\(([^()]*)\)=\(/.exec(detail)?.[1]?.split(', ') ?? []
}

/** Whether one of the two databases refused a statement, for whatever reason. */
export function isDatabaseError(error: unknown): boolean {
  return sqliteCodeOf(error) !== 0 || /^[0-9A-Z]{5}$/.test(errorCode(error))
}

/** Whether the statement failed at a lock or at its time limit; the same statement may succeed later. */
export function isBusy(error: unknown): boolean {
  if (error instanceof Refusal) return error.code === 'service.busy'
  const code = sqliteCodeOf(error) & 0xff
  return code === SQLITE_BUSY || code === SQLITE_LOCKED || POSTGRES_BUSY.has(errorCode(error))
}

/** Whether a prepared statement is missing or exists already, because a pooler has assigned another server process to the connection. */
export function isStatementLost(error: unknown): boolean {
  return POSTGRES_STATEMENT_LOST.has(errorCode(error))
}

/** Whether the whole transaction should run again: PostgreSQL aborted it, or a prepared statement was lost, which the next run avoids. */
export function isWorthRepeating(error: unknown): boolean {
  return POSTGRES_AGAIN.has(errorCode(error)) || isStatementLost(error)
}

/** Whether another transaction created a table, column, index or extension of the same name meanwhile (PostgreSQL). */
export function isMadeMeanwhile(error: unknown): boolean {
  if (POSTGRES_DUPLICATE.has(errorCode(error))) return true
  const schema = error instanceof Error && 'schema' in error ? error.schema : undefined
  return errorCode(error) === POSTGRES_UNIQUE && schema === 'pg_catalog'
}

/** Whether no server answered. */
export function isUnreached(error: Error): boolean {
  const code = errorCode(error)
  if (code === '') return DRIVER_OUTAGE.test(error.message)
  // The file of a Unix socket is missing or not accessible. Any other missing file is no outage.
  const isMissingSocket = /^(ENOENT|EACCES)$/.test(code) && 'syscall' in error && error.syscall === 'connect'
  return NETWORK_OUTAGES.has(code) || isMissingSocket
}

/** Whether the server is no longer the primary, or shuts down; all other connections to it are lost too. */
export function isPrimaryLost(error: unknown): boolean {
  return POSTGRES_PRIMARY_LOST.has(errorCode(error))
}

/** Whether another of several hosts may be the primary, because this one accepted no connection. */
export function isElsewhere(error: unknown): boolean {
  if (!(error instanceof Error) || error.message === POOL_EXHAUSTED) return false
  return isPrimaryLost(error) || isUnreached(error)
}

/** Whether the database cannot be reached or cannot write, which the request has not caused. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (SQLITE_OUTAGES.has(sqliteCodeOf(error) & 0xff)) return true
  const code = errorCode(error)
  if (POSTGRES_BUSY.has(code)) return false
  if (isUnreached(error)) return true
  if (/^[0-9A-Z]{5}$/.test(code)) return POSTGRES_OUTAGES.has(code) || POSTGRES_OUTAGE_CLASSES.has(code.slice(0, 2))
  return DRIVER_OUTAGE.test(error.message)
}

/** The same, also for an outage that was translated into a `Refusal` already. */
export function isDown(error: unknown): boolean {
  return error instanceof Refusal ? error.code === 'service.unavailable' : isOutage(error)
}

/** The `Refusal` for a failure of the database; undefined for any other error, also for a `Refusal`. */
export function asRefusal(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return undefined
  const refusal = (code: 'service.busy' | 'service.unavailable') =>
    new Refusal(code, { retryAfter: 1 }, { cause: error })
  if (isBusy(error) || isWorthRepeating(error)) return refusal('service.busy')
  return isOutage(error) ? refusal('service.unavailable') : undefined
}
