import { CompiledQuery, type Kysely } from 'kysely'
import type pg from 'pg'

import { isStatementLost } from '../errors.ts'

/** A statement for PostgreSQL. Only a prepared query has a name. */
export interface Statement {
  readonly sql: string
  readonly statementName?: string
}

const PROBE = { ...CompiledQuery.raw('select 1'), statementName: 'doorward_probe' }
const TURNS = 2

/**
 * The prepared statements of one database, which PostgreSQL parses and plans once per connection. A pooler in transaction mode that does
 * not track prepared statements loses them. After the first loss, statements are sent without names.
 */
export class PostgresStatements {
  readonly #onError: (error: unknown) => void
  #areKept = true
  #probing: Promise<void> | undefined

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError
  }

  /** Runs a statement by `send`; throws the error of `send` after a call of `onError`. A statement that was lost may run again. */
  async run<Result>(
    { sql, statementName }: Statement,
    values: readonly unknown[],
    send: (config: pg.QueryConfig) => Promise<Result>,
  ): Promise<Result> {
    const unnamed = { text: sql, values: values as unknown[] }
    const isNamed = this.#areKept && statementName !== undefined
    try {
      return await send(isNamed ? { ...unnamed, name: statementName } : unnamed)
    } catch (error) {
      if (isStatementLost(error)) this.#areKept = false
      this.#onError(error)
      throw error
    }
  }

  /**
   * Whether statements stay prepared. Two connections run the same prepared statement in turn: through a pooler that does not track
   * statements, the second prepares it in the server process of the first, which fails. With only one connection, the answer depends
   * on the statements so far.
   * @param connections how many connections of `kysely` can be held at the same time
   */
  async areKept<Schema>(kysely: Kysely<Schema>, connections: number): Promise<boolean> {
    if (connections > 1) {
      // Concurrent calls share one probe. Probes that each held one connection and waited for a second could deadlock the pool.
      this.#probing ??= probe(kysely).finally(() => (this.#probing = undefined))
      await this.#probing
    }
    return this.#areKept
  }
}

function probe<Schema>(kysely: Kysely<Schema>): Promise<void> {
  return kysely.connection().execute((one) =>
    kysely.connection().execute(async (other) => {
      for (let turn = 0; turn < TURNS; turn++)
        for (const connection of [one, other]) await connection.executeQuery(PROBE)
    }),
  )
}
