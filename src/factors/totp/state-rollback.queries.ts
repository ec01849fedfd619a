import { sql } from 'kysely'

import type { Database } from '../../platform/database/schema.ts'

/** Marks the present step of every app, and the one after it, as used. `now` in whole seconds. */
export async function useUpPresentSteps(db: Database, now: number): Promise<void> {
  const latest = sql<number>`cast(${now} as bigint) / period + 1`
  await db
    .updateTable('totp_factor')
    .set({ last_used_step: latest })
    .where((eb) => eb.or([eb('last_used_step', 'is', null), eb('last_used_step', '<', latest)]))
    .execute()
}
