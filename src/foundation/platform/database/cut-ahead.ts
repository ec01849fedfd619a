import { CLOCK_TOLERANCE } from '../../kernel/time.ts'
import type { Instant } from '../../kernel/time.ts'
import { idsFrom } from '../ids.ts'
import type { Database } from './schema.ts'

/**
 * Rows that are stamped later than now were made by a clock that was ahead: gives them the lifetime they were made with, from now
 * on. Their ids begin with that time too, so that no other row is read.
 */
export async function cutAhead(
  db: Database,
  table: 'attempt' | 'link' | 'passkey_challenge',
  now: Instant,
): Promise<void> {
  const ahead = now + CLOCK_TOLERANCE
  // The builder types one table at a time; all of these have the same columns.
  await db
    .updateTable(table as 'link')
    .set((eb) => ({ expires_at: eb(eb('expires_at', '-', eb.ref('created_at')), '+', now), created_at: now }))
    .where('id', '>=', idsFrom(ahead))
    .where('created_at', '>', ahead)
    .execute()
}
