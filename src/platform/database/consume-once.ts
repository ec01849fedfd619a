import type { Instant } from '../../kernel/time.ts'
import type { Database } from './schema.ts'

/**
 * Claims something that works once: true for exactly one of all who try, in whatever process. Inside a transaction that
 * is rolled back the claim is given back.
 */
export async function consumeOnce(db: Database, table: 'attempt' | 'link', id: string, now: Instant): Promise<boolean> {
  const claimed = table === 'attempt' ? await consumeAttempt(db, id, now) : await spendLink(db, id, now)
  return claimed !== undefined
}

function consumeAttempt(db: Database, id: string, now: Instant) {
  return db
    .updateTable('attempt')
    .set({ consumed_at: now })
    .where('id', '=', id)
    .where('consumed_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
}

function spendLink(db: Database, id: string, now: Instant) {
  return db
    .updateTable('link')
    .set({ spent_at: now })
    .where('id', '=', id)
    .where('spent_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
}
