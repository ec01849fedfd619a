import { sql } from 'kysely'

import type { Database } from './schema.ts'

/**
 * Runs `work` as a part of the transaction under way: when it throws, what it did is undone and the rest can go on. Without,
 * PostgreSQL refuses every statement after one that failed.
 */
export async function inPart<Result>(trx: Database, work: () => Promise<Result>): Promise<Result> {
  await sql`savepoint part_of_it`.execute(trx)
  try {
    return await work()
  } catch (error) {
    await sql`rollback to savepoint part_of_it`.execute(trx)
    throw error
  } finally {
    await sql`release savepoint part_of_it`.execute(trx)
  }
}
