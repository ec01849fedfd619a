import type { QueryResult } from 'kysely'
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite'

import { errorCode } from '../../system.ts'

type SqliteRow = Record<string, SQLOutputValue>

interface Cached {
  readonly statement: StatementSync
  readonly hasRows: boolean
  /** Whether it selects `*`, so that its columns change with the table. */
  readonly readsAll: boolean
  /** The names of the columns; known after the first row. */
  names: readonly string[] | undefined
  /** Whether integers are read as BigInt. */
  readonly readsBigInts: boolean
}

const MOST_STATEMENTS = 200
/** Statements without effects, which may run a second time. */
const READS = /^\s*(select|pragma)\b/i
const READS_ALL = /^\s*select\b.*\*/is

/** Statements that change what `changes` counts; every other one that is no read changes something, as far as is known. */
const COUNTED = /^\s*(insert|update|delete)\b/i

/** One connection to a SQLite file, with a cache of prepared statements. */
export class SqliteHandle {
  readonly #db: DatabaseSync
  readonly #statements = new Map<string, Cached>()
  readonly #onStatement: ((text: string) => void) | undefined
  /** Whether a statement of `run` may have changed the file since this was last set to false. */
  hasChanged = false

  constructor(db: DatabaseSync, onStatement?: (text: string) => void) {
    this.#db = db
    this.#onStatement = onStatement
  }

  /** Runs one statement to its end, so that no read transaction stays open. Throws SQLite's error unchanged. */
  run<Row>(text: string, parameters: readonly unknown[]): QueryResult<Row> {
    this.#onStatement?.(text)
    const prepared = this.#prepared(text)
    const values = parameters.map(toSqlite)
    if (prepared.hasRows) {
      const rows = readRows(prepared, values) as Row[]
      this.hasChanged ||= prepared.readsBigInts && rows.length > 0
      return { rows, numAffectedRows: BigInt(rows.length) }
    }
    const { changes, lastInsertRowid } = prepared.statement.run(...values)
    this.hasChanged ||= BigInt(changes) > 0n || !COUNTED.test(text)
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
    // As lists: rows of Node would have no prototype, unlike those of PostgreSQL.
    statement.setReturnArrays(true)
    // A write with `returning` cannot run a second time, so its integers must be readable at the first.
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
    const [oldest = ''] = this.#statements.keys()
    if (this.#statements.size > MOST_STATEMENTS) this.#statements.delete(oldest)
    return fresh
  }
}

function readRows(cached: Cached, values: SQLInputValue[]): SqliteRow[] {
  const lists = readLists(cached, values)
  const [first] = lists
  if (first === undefined) return []
  if (cached.readsAll) cached.names = undefined
  const names = (cached.names ??= cached.statement.columns().map(({ name }) => name))
  // SQLite prepares a statement again by itself after a table has changed. Node before 24.20 counts the columns before that, so the
  // first rows after the change have too few or too many values (nodejs/node#64219).
  if (cached.readsAll && names.length !== first.length) return readRows(cached, values)
  return lists.map((list) => toRow(names, list))
}

/**
 * A row as an object.
 * @param names the names of the columns, in the order of the values
 */
export function toRow(names: readonly string[], values: readonly SQLOutputValue[]): SqliteRow {
  const row: SqliteRow = {}
  for (const [index, name] of names.entries()) row[name] = values[index] ?? null
  return row
}

/** All rows as lists. An unsafe integer becomes the nearest number, as on PostgreSQL: one externally inserted value must not fail the whole query. */
function readLists({ statement, readsBigInts }: Cached, values: SQLInputValue[]): SQLOutputValue[][] {
  if (readsBigInts) return allOf(statement, values).map(withoutBigInts)
  try {
    return allOf(statement, values)
  } catch (error) {
    // An integer of a row is too large for a number.
    if (errorCode(error) !== 'ERR_OUT_OF_RANGE') throw error
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

/** A parameter for SQLite, which has no booleans. */
export function toSqlite(value: unknown): SQLInputValue {
  return typeof value === 'boolean' ? Number(value) : (value as SQLInputValue)
}
