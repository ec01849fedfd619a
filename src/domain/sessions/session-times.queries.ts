import type { Instant } from '../../foundation/kernel/time.ts'
import { deleteInBatches } from '../../foundation/platform/database/batches.ts'
import { preparedQuery } from '../../foundation/platform/database/prepared-query.ts'
import type { Database } from '../../foundation/platform/database/database.ts'
import { idsFrom } from '../../foundation/platform/ids.ts'

/**
 * Sessions that began after `ahead`, by a wrong clock, begin now. Their ids begin with that time, too. The real time of their
 * proof is not known, so it no longer counts.
 */
export async function restartSessions(db: Database, ahead: Instant, now: Instant): Promise<void> {
  await db
    .updateTable('session')
    .set({ started_at: now, last_seen_at: now, authenticated_at: 0 })
    .where('id', '>=', idsFrom(ahead))
    .where('started_at', '>', ahead)
    .where('revoked_at', 'is', null)
    .execute()
  // Begun before, proven ahead, and not used since: the next use forgets such a proof, too, and the last use has an index.
  await db
    .updateTable('session')
    .set({ authenticated_at: 0 })
    .where('last_seen_at', '>', ahead)
    .where('authenticated_at', '>', ahead)
    .where('revoked_at', 'is', null)
    .execute()
}

/** The id of a session begins with the time of its start, so that no index is needed. */
export async function deleteOldSessions(db: Database, startedBefore: Instant): Promise<void> {
  await deleteInBatches(db, 'session', 'token_hash', (rows) => rows.where('id', '<', idsFrom(startedBefore)))
}

/** Writes a newer use. An older one only replaces a use after `ahead`, which a wrong clock wrote. */
export const updateLastSeen = preparedQuery((db: Database, id: string, now: Instant, ahead: Instant) =>
  db
    .updateTable('session')
    .set((eb) => {
      // Such a proof is forgotten with that sight: it would count as recent when its time comes.
      const isAhead = eb.and([eb('last_seen_at', '>', ahead), eb('authenticated_at', '>', ahead)])
      const kept = eb.ref('authenticated_at')
      return { last_seen_at: now, authenticated_at: eb.case().when(isAhead).then(0).else(kept).end() }
    })
    .where('id', '=', id)
    .where((eb) => eb.or([eb('last_seen_at', '<', now), eb('last_seen_at', '>', ahead)])),
)
