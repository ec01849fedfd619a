import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite'

import type { QueryResult } from 'kysely'

interface Cached {
  readonly statement: StatementSync
  /** The names of the columns it gives; none for a statement without rows. */
  columns: readonly string[]
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
    const prepared = this.#prepared(text)
    const { statement } = prepared
    const values = parameters.map(toSqlite)
    if (prepared.columns.length > 0) {
      const lists = statement.all(...values) as unknown as SQLOutputValue[][]
      // SQLite prepares by itself again after a table was changed, and then there may be more columns.
      if (lists[0] && lists[0].length !== prepared.columns.length) prepared.columns = columnsOf(statement)
      const rows = lists.map((list) => rowOf(prepared.columns, list)) as Row[]
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
    // As lists: making objects of them here takes a third of the time, and gives them a prototype like PostgreSQL's rows.
    statement.setReturnArrays(true)
    const fresh = { statement, columns: columnsOf(statement) }
    this.#statements.set(text, fresh)
    if (this.#statements.size > MOST_STATEMENTS) this.#forgetOldest()
    return fresh
  }

  #forgetOldest(): void {
    const [oldest] = this.#statements.keys()
    if (oldest !== undefined) this.#statements.delete(oldest)
  }
}

function columnsOf(statement: StatementSync): string[] {
  return statement.columns().map(({ name }) => name)
}

function rowOf(columns: readonly string[], values: readonly SQLOutputValue[]): Record<string, SQLOutputValue> {
  const row: Record<string, SQLOutputValue> = {}
  for (const [index, name] of columns.entries()) row[name] = values[index] ?? null
  return row
}

function toSqlite(value: unknown): SQLInputValue {
  if (typeof value === 'boolean') return value ? 1 : 0
  return value as SQLInputValue
}
