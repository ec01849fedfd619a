import { sql } from 'kysely'

import type { Database } from './schema.ts'

/**
 * Runs `work` as a part of the transaction under way: when it throws, what it did is undone and the rest can go on. Without,
 * PostgreSQL refuses every statement after one that failed.
 */
export async function inSavepoint<Result>(trx: Database, work: () => Promise<Result>): Promise<Result> {
  await sql`savepoint nested`.execute(trx)
  try {
    return await work()
  } catch (error) {
    await sql`rollback to savepoint nested`.execute(trx)
    throw error
  } finally {
    await sql`release savepoint nested`.execute(trx)
  }
}
