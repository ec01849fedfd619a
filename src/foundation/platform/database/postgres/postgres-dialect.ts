import { AbortedTransactionError, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'
import type { Dialect, Driver } from 'kysely'

import type { PostgresConnection, PrimaryPool } from './postgres-pool.ts'

/**
 * Read committed is set explicitly, because the server's `default_transaction_isolation` may differ: a statement after a lock
 * must see what was committed while it waited for that lock. Under repeatable read it would not, which allows write skew: two admins
 * could remove each other.
 */
const BEGIN = 'begin isolation level read committed'

interface DriverOptions {
  readonly pool: PrimaryPool
  /** Statements that set the limits of a transaction; sent in one message with its begin. */
  readonly limits: string
  readonly end: () => Promise<void>
}

/** Kysely's dialect with a driver of this program, because Kysely's own driver does not support named statements. */
export function postgresDialect(options: DriverOptions): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new PostgresDriver(options),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }
}

class PostgresDriver implements Driver {
  readonly #options: DriverOptions

  constructor(options: DriverOptions) {
    this.#options = options
  }

  async init(): Promise<void> {}

  acquireConnection(): Promise<PostgresConnection> {
    return this.#options.pool.connect()
  }

  async beginTransaction(connection: PostgresConnection): Promise<void> {
    await connection.run({ sql: `${BEGIN}; ${this.#options.limits}` })
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
    return this.#options.end()
  }
}
