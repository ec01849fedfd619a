// Which sessions at apps are due to be checked for an end by time or by a rule, by the index of `check_at`.
import type { Instant } from '#foundation/kernel/time.ts'
import { inBatchesToTheLast } from '#foundation/platform/database/batches.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { preparedQuery } from '#foundation/platform/database/prepared-query.ts'

/** Returns sessions at apps that are due. */
export const selectDueForCheck = preparedQuery((db: Database, now: Instant, limit: number) =>
  db
    .selectFrom('client_session')
    .select(['session_id as sessionId', 'client_id as clientId', 'subject'])
    .where('told_at', 'is', null)
    .where('check_at', '<=', now)
    .orderBy('check_at')
    .limit(limit),
)

export async function updateCheckAt(db: Database, sessionIds: readonly string[], at: Instant): Promise<void> {
  await db
    .updateTable('client_session')
    .set({ check_at: at })
    .where('session_id', 'in', sessionIds)
    .where('told_at', 'is', null)
    .execute()
}

/** Makes the sessions due that are checked after an instant, in batches. */
export async function bringForwardChecks(db: Database, after: Instant): Promise<void> {
  await inBatchesToTheLast(async (most) => {
    const some = db
      .selectFrom('client_session')
      .select('session_id')
      .where('told_at', 'is', null)
      .where('check_at', '>', after)
      .limit(most)
    const { numUpdatedRows } = await db
      .updateTable('client_session')
      .set({ check_at: 0 })
      .where('session_id', 'in', some)
      .where('told_at', 'is', null)
      .where('check_at', '>', after)
      .executeTakeFirstOrThrow()
    return Number(numUpdatedRows)
  })
}

/** Makes the sessions of a user due. */
export async function checkUserNow(db: Database, subject: string): Promise<void> {
  await db
    .updateTable('client_session')
    .set({ check_at: 0 })
    .where('subject', '=', subject)
    .where('told_at', 'is', null)
    .execute()
}
