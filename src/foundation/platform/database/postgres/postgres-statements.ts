import type pg from 'pg'

import { isStatementLost } from '../errors.ts'
import { nameOfStatement } from '../statement-names.ts'

/**
 * The statements of one database that run under a name, which PostgreSQL then parses and plans once per connection. A pooler
 * that gives a connection another server process for each transaction, and does not track prepared statements, loses them:
 * after the first that is lost, no statement has a name any more.
 */
export class PostgresStatements {
  readonly #onError: (error: unknown) => void
  #areKept = true

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError
  }

  get areKept(): boolean {
    return this.#areKept
  }

  /** Runs a statement by `query`; throws what that throws, after a call of `onError`. A statement that was lost may be run again. */
  async run<Result>(
    text: string,
    values: readonly unknown[],
    query: (config: pg.QueryConfig) => Promise<Result>,
  ): Promise<Result> {
    try {
      return await query(this.#configOf(text, values))
    } catch (error) {
      if (isStatementLost(error)) this.#areKept = false
      this.#onError(error)
      throw error
    }
  }

  #configOf(text: string, values: readonly unknown[]): pg.QueryConfig {
    const name = this.#areKept ? nameOfStatement(text) : undefined
    const unnamed = { text, values: values as unknown[] }
    return name === undefined ? unnamed : { name, ...unnamed }
  }
}
