import { setImmediate as nextTurn } from 'node:timers/promises'

import type { SelectQueryBuilder } from 'kysely'

import type { Database, Schema } from './schema.ts'

/** Rows that one statement deletes at most: on SQLite every request waits for it. */
const BATCH = 500

type Rows<Table extends keyof Schema> = SelectQueryBuilder<Schema, Table, object>

/** Deletes the rows of a table that `narrow` leaves, some at a time, and lets requests in between; returns how many. */
export async function deleteInBatches<Table extends keyof Schema>(
  db: Database,
  table: Table,
  key: string & keyof Schema[Table],
  narrow: (rows: Rows<Table>) => Rows<Table>,
): Promise<number> {
  for (let total = 0; ;) {
    // Whoever calls has the types; Kysely cannot work them out for a table that is a parameter.
    const rows = narrow(db.selectFrom(table) as unknown as Rows<Table>)
    const some = rows.select(key as never).limit(BATCH)
    const { numDeletedRows } = await db
      .deleteFrom(table as never)
      .where(key as never, 'in', some as never)
      .executeTakeFirstOrThrow()
    total += Number(numDeletedRows)
    if (numDeletedRows < BATCH) return total
    await nextTurn()
  }
}
