// Opens PostgreSQL databases: a pool for transactions and one pipelined connection for prepared reads, both to the primary.
import {
  AbortedTransactionError,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely'
import pg from 'pg'

import type { Secret } from '#foundation/kernel/secret.ts'
import { type Duration, minutes, seconds } from '#foundation/kernel/time.ts'
import { hostUrls } from '../../config/database-url.ts'
import { type Database, withEngine } from '../database.ts'
import type { Schema } from '../schema.ts'
import { limitsOf, WITHOUT_JIT } from '../transaction.ts'
import { PostgresHosts } from './postgres-hosts.ts'
import { type PostgresConnection, PrimaryPool } from './postgres-pool.ts'
import { PostgresReader } from './postgres-reader.ts'
import { PostgresStatements } from './postgres-statements.ts'

export interface PostgresOptions {
  readonly onStatement?: (text: string) => void
  /** Maximum number of connections of this process. */
  readonly connections?: number
  /** How long a request waits for a connection. */
  readonly connectWithin?: Duration
  /** How long one statement may run. */
  readonly statementWithin?: Duration
  /** How long after `statementWithin` the server’s error message may arrive; then the connection counts as lost. */
  readonly answerAfter?: Duration
}

/** The time limit of a prepared read. */
const READ_WITHIN = seconds(5)
const IDLE_WITHIN = minutes(1)

const numbers = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    // An integer beyond the safe range becomes the nearest number, so that one value does not fail the whole query.
    return oid === pg.types.builtins.INT8 && format !== 'binary' ? Number : pg.types.getTypeParser(oid, format)
  },
}

/**
 * Opens a pool of connections to the primary of one or several PostgreSQL servers; it connects at its first use. 64-bit integers are
 * returned as numbers. Throws an Error if the URL cannot be parsed; its message does not repeat the URL, which may hold a password.
 */
export function openPostgres(url: Secret, options: PostgresOptions = {}): Database {
  const hosts = new PostgresHosts(urlsIn(url))
  const { statementWithin = seconds(15), answerAfter = seconds(2) } = options
  const readWithin = Math.min(statementWithin, READ_WITHIN)
  const connection: pg.ClientConfig = {
    application_name: 'doorward',
    connectionTimeoutMillis: options.connectWithin ?? seconds(5),
    types: numbers,
  }
  const prepared = new PostgresStatements((error) => hosts.note(error))
  const reader = new PostgresReader({ hosts, connection, prepared, readWithin, answerAfter })
  // One of them is for prepared reads.
  const connections = Math.max(1, (options.connections ?? 10) - 1)
  const { onStatement } = options
  const begin = beginsWith(`${limitsOf(statementWithin, IDLE_WITHIN)}; ${WITHOUT_JIT}`)
  const pool = new PrimaryPool(
    { ...connection, max: connections, idleTimeoutMillis: minutes(1) },
    { hosts, prepared, onStatement, statementWithin, answerAfter, beginRead: begin.read },
  )
  const end = async (): Promise<void> => {
    await reader.end()
    await pool.end()
  }
  const kysely = new Kysely<Schema>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new PostgresDriver(pool, begin.write, end),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  })
  return withEngine(kysely, {
    dialect: 'postgres',
    keepsStatements: () => prepared.areKept(kysely, connections),
    shortcuts: {
      read: (query, values) => {
        onStatement?.(query.sql)
        return reader.read(query, values)
      },
    },
  })
}

/** Hosts, ports and name of the database, with the driver's defaults for what the URL omits. Makes no connection. */
export function postgresLocation(url: Secret): string {
  const clients = urlsIn(url).map((connectionString) => new pg.Client({ connectionString }))
  const hosts = clients.map(({ host, port }) => `${host.toLowerCase()}:${port}`).toSorted()
  return `postgres://${hosts.join(',')}/${clients[0]?.database ?? ''}`
}

function urlsIn(url: Secret): string[] {
  const urls = hostUrls(url.reveal())
  if (urls) return urls
  throw new Error(
    'The database URL is invalid; write postgres://user:password@host:port/database, several hosts separated by commas',
  )
}

/**
 * Read committed is set explicitly, because the server's `default_transaction_isolation` may differ: a statement after a lock
 * must see what was committed while it waited for that lock. Under repeatable read it would not, which allows write skew: two admins
 * could remove each other.
 */
const BEGIN = 'begin isolation level read committed'

/** What begins a transaction, with the statements for its settings in the same message. */
function beginsWith(settings: string): { readonly write: string; readonly read: string } {
  return { write: `${BEGIN}; ${settings}`, read: `${BEGIN} read only; ${settings}` }
}

/** A driver of this program, because Kysely's own does not support named statements. */
class PostgresDriver implements Driver {
  readonly #pool: PrimaryPool
  readonly #begin: string
  readonly #end: () => Promise<void>

  constructor(pool: PrimaryPool, begin: string, end: () => Promise<void>) {
    this.#pool = pool
    this.#begin = begin
    this.#end = end
  }

  async init(): Promise<void> {}

  acquireConnection(): Promise<PostgresConnection> {
    return this.#pool.connect()
  }

  async beginTransaction(connection: PostgresConnection): Promise<void> {
    await connection.run({ sql: this.#begin })
  }

  /** PostgreSQL answers `commit` with `ROLLBACK` if a statement of the transaction has failed; then this throws. */
  async commitTransaction(connection: PostgresConnection): Promise<void> {
    const { command } = await connection.run({ sql: 'commit' })
    if (command === 'ROLLBACK') throw new AbortedTransactionError()
  }

  async rollbackTransaction(connection: PostgresConnection): Promise<void> {
    try {
      await connection.run({ sql: 'rollback' })
    } catch (error) {
      connection.noteBroken()
      throw error
    }
  }

  async releaseConnection(connection: PostgresConnection): Promise<void> {
    connection.release()
  }

  destroy(): Promise<void> {
    return this.#end()
  }
}
