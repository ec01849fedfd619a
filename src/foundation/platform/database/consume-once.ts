import type { Instant } from '#foundation/kernel/time.ts'
import type { Database } from './database.ts'
import { updatedOne } from './updated-one.ts'

type OneTimeTable = 'attempt' | 'link' | 'passkey_challenge' | 'recovery_code' | 'client_token'

/** Consumes a one-time value: true for exactly one of all concurrent calls, in any process (replay), unless the transaction is rolled back. */
export function consumeOnce(db: Database, table: OneTimeTable, id: string, now: Instant): Promise<boolean> {
  // Kysely types one table at a time; all of these have the same columns.
  const update = db.updateTable(table as 'attempt').set({ consumed_at: now })
  return updatedOne(update.where('id', '=', id).where('consumed_at', 'is', null))
}
