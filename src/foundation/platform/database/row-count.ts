import { type AliasedRawBuilder, sql } from 'kysely'

/** Kysely's builder of a query that selects no columns yet. */
interface Counted {
  select(columns: readonly AliasedRawBuilder<number, 'count'>[]): {
    executeTakeFirstOrThrow(): Promise<{ readonly [column: string]: unknown }>
  }
}

/** Returns how many rows a query finds. */
export async function countRows(query: Counted): Promise<number> {
  const row = await query.select([sql<number>`count(*)`.as('count')]).executeTakeFirstOrThrow()
  return Number(row['count'])
}

/** Kysely's builder of a query, with columns. */
interface Query {
  limit(most: number): { executeTakeFirst(): Promise<object | undefined> }
}

/** Whether a query finds a row; it looks for no second one. */
export async function hasRow(query: Query): Promise<boolean> {
  return (await query.limit(1).executeTakeFirst()) !== undefined
}

/** Kysely's builder of an update or a deletion, on a table with a column `id`. */
interface Change {
  returning(column: 'id'): { execute(): Promise<readonly object[]> }
}

/** Runs an update or a deletion and returns how many rows it changed. */
export async function changedRows(change: Change): Promise<number> {
  return (await change.returning('id').execute()).length
}
