import type { Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'

/** Returns the number of running sessions, at most `most`: not expired, not revoked, and of the user's current credential epoch. */
export async function selectSessionCount(
  db: Database,
  since: { readonly seen: Instant; readonly started: Instant },
  most: number,
): Promise<number> {
  const running = db
    .selectFrom('session')
    .select('id')
    // A subquery instead of a join, for which PostgreSQL would read all users.
    .where('epoch', '=', (eb) =>
      eb.selectFrom('users').select('credential_epoch').whereRef('users.subject', '=', 'session.subject'),
    )
    .where('revoked_at', 'is', null)
    .where('last_seen_at', '>', since.seen)
    .where('started_at', '>', since.started)
    .limit(most)
  const { count } = await db
    .selectFrom(running.as('running'))
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}

/** Stores the number of a day, instead of an earlier one of the same day. */
export async function storeSessionCount(db: Database, day: number, count: number): Promise<void> {
  await db
    .insertInto('session_count')
    .values({ day, count })
    .onConflict((conflict) => conflict.column('day').doUpdateSet({ count }))
    .execute()
}

export async function selectSessionCounts(
  db: Database,
  firstDay: number,
): Promise<{ readonly day: number; readonly count: number }[]> {
  return db.selectFrom('session_count').select(['day', 'count']).where('day', '>=', firstDay).orderBy('day').execute()
}

export async function deleteSessionCountsBefore(db: Database, day: number): Promise<void> {
  await db.deleteFrom('session_count').where('day', '<', day).execute()
}
