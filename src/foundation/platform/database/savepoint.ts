import { sql } from 'kysely'

import type { Database } from './database.ts'

/**
 * Runs `work` inside a savepoint of the open transaction. If it throws, its writes are rolled back and the transaction can continue;
 * without a savepoint, PostgreSQL refuses every statement after one that failed. Throws the error of `work`.
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
