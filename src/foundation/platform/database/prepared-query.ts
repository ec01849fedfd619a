import { createHash } from 'node:crypto'

import type { Compilable } from 'kysely'

import type { Database, PreparedQuery } from './database.ts'

/** Stands for a parameter while the query is compiled; anything but passing it on as a value throws. */
class Slot {
  readonly index: number

  constructor(index: number) {
    this.index = index
  }

  [Symbol.toPrimitive](): never {
    throw new TypeError('A parameter of a hot query must be passed on as it is; compute with it before the call')
  }
}

interface Prepared {
  readonly query: PreparedQuery
  /** For each parameter of the SQL: the slot whose value goes there, or undefined for a constant. */
  readonly slots: readonly (number | undefined)[]
}

/**
 * A query that is compiled once per dialect and run as a prepared statement. `build` is called with placeholders: it must
 * hand each parameter to the query as it is, as in
 * `preparedQuery((db, tokenHash: string) => db.selectFrom('session').select('id').where('token_hash', '=', tokenHash))`.
 * The result takes the database (or a transaction) and the parameters, and gives the rows. Name the columns: PostgreSQL
 * refuses a prepared `select *` once another process has added a column.
 */
export function preparedQuery<Parameters extends readonly unknown[], Row>(
  build: (db: Database, ...parameters: Parameters) => Compilable<Row>,
): (db: Database, ...parameters: Parameters) => Promise<Row[]> {
  const prepared: Partial<Record<Database['dialect'], Prepared>> = {}
  return async (db, ...parameters) => {
    const { query, slots } = (prepared[db.dialect] ??= prepare(db, build))
    const values = slots.map((slot, index) => (slot === undefined ? query.parameters[index] : parameters[slot]))
    return db.runPrepared<Row>(query, values)
  }
}

function prepare<Parameters extends readonly unknown[], Row>(
  db: Database,
  build: (db: Database, ...parameters: Parameters) => Compilable<Row>,
): Prepared {
  const placeholders = Array.from({ length: Math.max(build.length - 1, 0) }, (_, index) => new Slot(index))
  const compiled = build(db, ...(placeholders as unknown as Parameters)).compile()
  const slots = compiled.parameters.map((value) => (value instanceof Slot ? value.index : undefined))
  const lost = placeholders.find(({ index }) => !slots.includes(index))
  if (lost) throw new Error(`Parameter ${lost.index + 1} of a hot query is not in its SQL: ${compiled.sql}`)
  const statementName = createHash('sha256').update(compiled.sql).digest('base64url').slice(0, 20)
  return { query: { ...compiled, statementName }, slots }
}
