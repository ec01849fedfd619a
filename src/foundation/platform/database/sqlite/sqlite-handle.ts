import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite'

import type { QueryResult } from 'kysely'

type SqliteRow = Record<string, SQLOutputValue>

interface Cached {
  readonly statement: StatementSync
  readonly hasRows: boolean
  /** Whether it reads all columns of a table, which may be others once the table was changed. */
  readonly readsAll: boolean
  /** The names of the columns; read with the first row. */
  names: readonly string[] | undefined
  /** Whole numbers come as big ones. */
  readonly readsBigInts: boolean
}

const MOST_STATEMENTS = 200
/** What may be run a second time. */
const READS = /^\s*(select|pragma)\b/i
const READS_ALL = /^\s*select\b.*\*/is

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
    if (prepared.hasRows) {
      const rows = rowsOf(prepared, values) as Row[]
      return { rows, numAffectedRows: BigInt(rows.length) }
    }
    const { changes, lastInsertRowid } = statement.run(...values)
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
  }

  /** Runs a statement without parameters and rows, such as `begin immediate`. */
  exec(text: string): void {
    this.#onStatement?.(text)
    this.#prepared(text).statement.run()
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
    if (known) return known
    const statement = this.#db.prepare(text)
    // As lists: Node would make rows without a prototype, unlike PostgreSQL's.
    statement.setReturnArrays(true)
    // What a write gives back is asked for once only, so it must be readable at once.
    const readsBigInts = !READS.test(text)
    if (readsBigInts) statement.setReadBigInts(true)
    const fresh: Cached = {
      statement,
      hasRows: statement.columns().length > 0,
      readsAll: READS_ALL.test(text),
      names: undefined,
      readsBigInts,
    }
    this.#statements.set(text, fresh)
    if (this.#statements.size > MOST_STATEMENTS) this.#forgetOldest()
    return fresh
  }

  #forgetOldest(): void {
    const [oldest] = this.#statements.keys()
    if (oldest !== undefined) this.#statements.delete(oldest)
  }
}

function rowsOf(cached: Cached, values: SQLInputValue[]): SqliteRow[] {
  const lists = listsOf(cached, values)
  const [first] = lists
  if (first === undefined) return []
  if (cached.readsAll) cached.names = undefined
  const names = (cached.names ??= cached.statement.columns().map(({ name }) => name))
  // SQLite prepares by itself again after a table was changed. Node before 24.20 counts the columns too early for that, and the
  // first rows after the change are cut short or filled up (nodejs/node#64219).
  if (cached.readsAll && names.length !== first.length) return rowsOf(cached, values)
  return lists.map((list) => toRow(names, list))
}

/** @param names of the columns, in the order of the values */
export function toRow(names: readonly string[], values: readonly SQLOutputValue[]): SqliteRow {
  const row: SqliteRow = {}
  for (const [index, name] of names.entries()) row[name] = values[index] ?? null
  return row
}

/**
 * All rows. A whole number that somebody typed and no double holds exactly comes back as the nearest one, as it does from
 * PostgreSQL: one such row must not keep everybody else's from being read.
 */
function listsOf({ statement, readsBigInts }: Cached, values: SQLInputValue[]): SQLOutputValue[][] {
  if (readsBigInts) return allOf(statement, values).map(withoutBigInts)
  try {
    return allOf(statement, values)
  } catch (error) {
    if (!isTooLarge(error)) throw error
    statement.setReadBigInts(true)
    try {
      return allOf(statement, values).map(withoutBigInts)
    } finally {
      statement.setReadBigInts(false)
    }
  }
}

function allOf(statement: StatementSync, values: SQLInputValue[]): SQLOutputValue[][] {
  return statement.all(...values) as unknown as SQLOutputValue[][]
}

function withoutBigInts(list: readonly SQLOutputValue[]): SQLOutputValue[] {
  return list.map((value) => (typeof value === 'bigint' ? Number(value) : value))
}

function isTooLarge(error: unknown): boolean {
  return error instanceof RangeError && 'code' in error && error.code === 'ERR_OUT_OF_RANGE'
}

/** A parameter as SQLite takes it, which has no booleans. */
export function toSqlite(value: unknown): SQLInputValue {
  if (typeof value === 'boolean') return value ? 1 : 0
  return value as SQLInputValue
}
