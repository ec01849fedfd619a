import { type SelectQueryBuilder, sql, type SqlBool } from 'kysely'
import { setImmediate as nextTurn } from 'node:timers/promises'

import type { Database } from './database.ts'
import type { Schema } from './schema.ts'

/** Maximum number of rows that one statement changes, because on SQLite all requests wait for it. */
const BATCH = 500

/**
 * Calls `change` until it changes fewer rows than it may, and returns how many it changed in all. Requests are served between two batches.
 */
export async function inBatches(change: (most: number) => Promise<number>): Promise<number> {
  for (let total = 0; ;) {
    const changed = await change(BATCH)
    total += changed
    if (changed < BATCH) return total
    await nextTurn()
  }
}

/**
 * The same until there is nothing left to change, for rows that must not stay as they are: a batch can also change fewer rows than it may because
 * another transaction has changed some of them meanwhile.
 */
export async function inBatchesToTheLast(change: (most: number) => Promise<number>): Promise<number> {
  for (let total = 0; ;) {
    const changed = await change(BATCH)
    if (changed === 0) return total
    total += changed
    await nextTurn()
  }
}

type Rows<Table extends keyof Schema> = SelectQueryBuilder<Schema, Table, object>
type Column<Table extends keyof Schema> = string & keyof Schema[Table]

/**
 * Deletes the rows of a table that `narrow` selects, in batches between which requests are served; returns their number.
 * @param key the columns of the key, or its only column
 */
export function deleteInBatches<Table extends keyof Schema>(
  db: Database,
  table: Table,
  key: Column<Table> | readonly Column<Table>[],
  narrow: (rows: Rows<Table>) => Rows<Table>,
): Promise<number> {
  const columns = [key].flat()
  const names = sql.join(columns.map((column) => sql.ref(column)))
  const row = columns.length === 1 ? names : sql`(${names})`
  return inBatches(async (most) => {
    // The parameters of this function are typed, but Kysely cannot infer the types of a table that is a parameter.
    const rows = narrow(db.selectFrom(table) as unknown as Rows<Table>)
    const some = rows.select(columns as never[]).limit(most)
    const deletion = db.deleteFrom(table as never).where(sql<SqlBool>`${row} in ${some}`)
    const { numDeletedRows } = await deletion.executeTakeFirstOrThrow()
    return Number(numDeletedRows)
  })
}
