import type { Instant } from '#foundation/kernel/time.ts'
import { deleteInBatches } from '#foundation/platform/database/batches.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { preparedQuery } from '#foundation/platform/database/prepared-query.ts'
import { idsFrom } from '#foundation/platform/ids.ts'

/**
 * Lets sessions that began after `ahead`, by a wrong clock, begin now. Their ids (UUIDv7) contain that time too. The real time of
 * their authentication is unknown, so it no longer counts as recent.
 */
export async function restartSessions(db: Database, ahead: Instant, now: Instant): Promise<void> {
  await db
    .updateTable('session')
    .set({ started_at: now, last_seen_at: now, authenticated_at: 0 })
    .where('id', '>=', idsFrom(ahead))
    .where('started_at', '>', ahead)
    .where('revoked_at', 'is', null)
    .execute()
  // Sessions that began before, authenticated ahead of time and were not used since; found by the index of the last use. In a session
  // that is used again, `updateLastSeen` resets such an authentication time.
  await db
    .updateTable('session')
    .set({ authenticated_at: 0 })
    .where('last_seen_at', '>', ahead)
    .where('authenticated_at', '>', ahead)
    .where('revoked_at', 'is', null)
    .execute()
}

/** Deletes sessions by id: a UUIDv7 begins with the time of the start, so that no further index is needed. */
export async function deleteOldSessions(db: Database, startedBefore: Instant): Promise<void> {
  await deleteInBatches(db, 'session', 'token_hash', (rows) => rows.where('id', '<', idsFrom(startedBefore)))
}

/** Writes a later use. An earlier use only replaces one after `ahead`, which a wrong clock has written. */
export const updateLastSeen = preparedQuery((db: Database, id: string, now: Instant, ahead: Instant) =>
  db
    .updateTable('session')
    .set((eb) => {
      // An authentication time ahead is reset together with the last use: it would count as recent once that time is reached.
      const isAhead = eb.and([eb('last_seen_at', '>', ahead), eb('authenticated_at', '>', ahead)])
      const kept = eb.ref('authenticated_at')
      return { last_seen_at: now, authenticated_at: eb.case().when(isAhead).then(0).else(kept).end() }
    })
    .where('id', '=', id)
    .where((eb) => eb.or([eb('last_seen_at', '<', now), eb('last_seen_at', '>', ahead)])),
)
