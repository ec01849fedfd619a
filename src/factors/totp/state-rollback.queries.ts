import { sql } from 'kysely'

import type { Database } from '../../platform/database/schema.ts'

/**
 * Marks the present step of every app, and the one after it, as used. If a clock that was ahead left a later last step, the
 * rows of the used steps went back with the database, so every step up to the present may have been used. `now` in whole
 * seconds.
 */
export async function useUpPresentSteps(db: Database, now: number): Promise<void> {
  const latest = sql<number>`(cast(${now} as bigint) / period + 1)`
  await db
    .updateTable('totp_factor')
    .set({
      last_used_step: sql`case when last_used_step > ${latest} then last_used_step else ${latest} end`,
      unrecorded_until_step: sql`case when unrecorded_until_step > ${latest} then unrecorded_until_step else ${latest} end`,
    })
    .execute()
}
