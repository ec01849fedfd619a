/** Kysely's builder of an update or a deletion, on a table with a column `id`. */
interface Change {
  returning(column: 'id'): { executeTakeFirst(): Promise<object | undefined> }
}

/** Runs an update or a deletion and returns whether it matched a row. */
export async function updatedOne(change: Change): Promise<boolean> {
  return (await change.returning('id').executeTakeFirst()) !== undefined
}
