import { setImmediate as nextTurn } from 'node:timers/promises'

import type { SelectQueryBuilder } from 'kysely'

import type { Database, Schema } from './schema.ts'

/** Rows that one statement deletes at most: on SQLite every request waits for it. */
const BATCH = 500

type Rows<Table extends keyof Schema> = SelectQueryBuilder<Schema, Table, object>

/** Deletes the rows of a table that `narrow` selects, in batches, and serves requests in between; returns how many. */
export async function deleteInBatches<Table extends keyof Schema>(
  db: Database,
  table: Table,
  key: string & keyof Schema[Table],
  narrow: (rows: Rows<Table>) => Rows<Table>,
): Promise<number> {
  for (let total = 0; ;) {
    // The callers are typed; Kysely cannot infer the types of a table that is a parameter.
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
