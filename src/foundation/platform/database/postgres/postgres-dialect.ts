import { CompiledQuery, PostgresDialect, PostgresDriver } from 'kysely'
import type { DatabaseConnection, PostgresPool } from 'kysely'

import { limitsOf } from '../transaction-limits.ts'
import type { TransactionLimits } from '../transaction-limits.ts'

/**
 * Read committed is set explicitly, because the server's `default_transaction_isolation` may differ: a statement after a lock
 * must see what was committed while it waited for that lock. Under repeatable read it would not (write skew: two admins
 * could remove each other).
 */
const BEGIN = 'begin isolation level read committed'

/** Kysely's dialect, with transactions that begin by `BEGIN` and their limits, in one message. */
export class DoorwardPostgresDialect extends PostgresDialect {
  readonly #pool: PostgresPool
  readonly #begin: string

  constructor(pool: PostgresPool, limits: TransactionLimits) {
    super({ pool })
    this.#pool = pool
    this.#begin = `${BEGIN}; ${limitsOf(limits)}`
  }

  override createDriver(): PostgresDriver {
    return new LimitedDriver(this.#pool, this.#begin)
  }
}

class LimitedDriver extends PostgresDriver {
  readonly #begin: string

  constructor(pool: PostgresPool, begin: string) {
    super({ pool })
    this.#begin = begin
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(this.#begin))
  }
}
