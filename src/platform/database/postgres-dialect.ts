import { CompiledQuery, PostgresDialect, PostgresDriver } from 'kysely'
import type { DatabaseConnection, PostgresPool } from 'kysely'

/**
 * Read committed is stated and not left to the server's `default_transaction_isolation`: a statement after a lock must see
 * what was committed while the lock was waited for. Under repeatable read it would not (write skew: two admins could
 * remove each other).
 */
const BEGIN = 'begin isolation level read committed'

/** Kysely's dialect, with transactions that begin by `BEGIN`. */
export class DoorwardPostgresDialect extends PostgresDialect {
  readonly #pool: PostgresPool

  constructor(pool: PostgresPool) {
    super({ pool })
    this.#pool = pool
  }

  override createDriver(): PostgresDriver {
    return new ReadCommittedDriver({ pool: this.#pool })
  }
}

class ReadCommittedDriver extends PostgresDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(BEGIN))
  }
}
