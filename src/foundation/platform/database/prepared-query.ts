import type { Compilable } from 'kysely'
import { createHash } from 'node:crypto'

import type { Database, PreparedQuery } from './database.ts'

/** A placeholder for a parameter while the query is compiled. Any other use than passing it on as a value throws. */
class Slot {
  [Symbol.toPrimitive](): never {
    throw new TypeError('A parameter of a prepared query must be passed on as it is; compute with it before the call')
  }
}

interface Prepared {
  readonly query: PreparedQuery
  /** For each parameter of the SQL: the index of the argument for it, or undefined for a constant. */
  readonly slots: readonly (number | undefined)[]
}

/**
 * A query that is compiled once per dialect and runs as a prepared statement. `build` is called with placeholders and must pass each
 * parameter to the query unchanged, as in
 * `preparedQuery((db, tokenHash: string) => db.selectFrom('session').select('id').where('token_hash', '=', tokenHash))`.
 * The result is a function that takes a database or a transaction and the parameters, and returns the rows. The query must name its
 * columns, because PostgreSQL refuses a prepared `select *` after another process has added a column.
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
  const placeholders = Array.from({ length: Math.max(build.length - 1, 0) }, () => new Slot())
  const compiled = build(db, ...(placeholders as unknown as Parameters)).compile()
  const slots = compiled.parameters.map((value) => (value instanceof Slot ? placeholders.indexOf(value) : undefined))
  const lost = placeholders.findIndex((_, index) => !slots.includes(index))
  if (lost >= 0) throw new Error(`Parameter ${lost + 1} of a prepared query is not in its SQL: ${compiled.sql}`)
  const statementName = createHash('sha256').update(compiled.sql).digest('base64url').slice(0, 20)
  return { query: { ...compiled, statementName }, slots }
}
