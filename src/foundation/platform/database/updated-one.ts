/** An update or a deletion as Kysely builds it, of a table whose rows have an id. */
interface Change {
  returning(column: 'id'): { executeTakeFirst(): Promise<object | undefined> }
}

/** Runs an update or a deletion and returns whether it found a row. */
export async function updatedOne(change: Change): Promise<boolean> {
  return (await change.returning('id').executeTakeFirst()) !== undefined
}
