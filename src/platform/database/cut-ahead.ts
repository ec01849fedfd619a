import { CLOCK_TOLERANCE } from '../../kernel/time.ts'
import type { Instant } from '../../kernel/time.ts'
import { idsFrom } from '../random.ts'
import type { Database } from './schema.ts'

/**
 * Gives rows that are stamped later than now the lifetime they were made with, from now on: a clock that was ahead made
 * them. Their ids tell that moment too, so that no other row is looked at.
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
