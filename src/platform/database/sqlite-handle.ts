import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'

import type { QueryResult } from 'kysely'

interface Cached {
  readonly statement: StatementSync
  readonly givesRows: boolean
}

const MOST_STATEMENTS = 200

/** One connection to a SQLite file, with the statements it ran last kept prepared. */
export class SqliteHandle {
  readonly #db: DatabaseSync
  readonly #statements = new Map<string, Cached>()
  readonly #onStatement: ((text: string) => void) | undefined

  constructor(db: DatabaseSync, onStatement?: (text: string) => void) {
    this.#db = db
    this.#onStatement = onStatement
  }

  /** Runs one statement to its end, so that no read stays open, and throws SQLite's error as it is. */
  run<Row>(text: string, parameters: readonly unknown[]): QueryResult<Row> {
    this.#onStatement?.(text)
    const { statement, givesRows } = this.#prepared(text)
    const values = parameters.map(toSqlite)
    if (givesRows) {
      // Rows of node:sqlite have no prototype; those of PostgreSQL have.
      const rows = statement.all(...values).map((row) => ({ ...row })) as Row[]
      return { rows, numAffectedRows: BigInt(rows.length) }
    }
    const { changes, lastInsertRowid } = statement.run(...values)
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
  }

  /** Runs a statement without parameters and rows, such as `begin immediate`. */
  exec(text: string): void {
    this.#onStatement?.(text)
    this.#db.exec(text)
  }

  get inTransaction(): boolean {
    return this.#db.isTransaction
  }

  close(): void {
    this.#statements.clear()
    this.#db.close()
  }

  #prepared(text: string): Cached {
    const known = this.#statements.get(text)
    if (known) {
      // Most recently used goes last; the first is the one to forget.
      this.#statements.delete(text)
      this.#statements.set(text, known)
      return known
    }
    const statement = this.#db.prepare(text)
    const fresh = { statement, givesRows: statement.columns().length > 0 }
    this.#statements.set(text, fresh)
    if (this.#statements.size > MOST_STATEMENTS) this.#forgetOldest()
    return fresh
  }

  #forgetOldest(): void {
    const [oldest] = this.#statements.keys()
    if (oldest !== undefined) this.#statements.delete(oldest)
  }
}

function toSqlite(value: unknown): SQLInputValue {
  if (typeof value === 'boolean') return value ? 1 : 0
  return value as SQLInputValue
}
