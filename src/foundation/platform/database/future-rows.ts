import { CLOCK_TOLERANCE, type Instant } from '#foundation/kernel/time.ts'
import { idsFrom } from '../ids.ts'
import type { Database } from './database.ts'

/**
 * Corrects rows that a clock that was ahead has created: their creation time is later than now. Each of them gets its original lifetime
 * from now on, because it would otherwise be valid for too long. Their ids begin with that time too, so no other row is read.
 */
export async function clampFutureRows(
  db: Database,
  table: 'attempt' | 'link' | 'passkey_challenge' | 'remembered_device' | 'client_grant',
  now: Instant,
): Promise<void> {
  const ahead = now + CLOCK_TOLERANCE
  // Kysely types one table at a time; all of these have the same columns.
  await db
    .updateTable(table as 'link')
    .set((eb) => ({ expires_at: eb(eb('expires_at', '-', eb.ref('created_at')), '+', now), created_at: now }))
    .where('id', '>=', idsFrom(ahead))
    .where('created_at', '>', ahead)
    .execute()
}
