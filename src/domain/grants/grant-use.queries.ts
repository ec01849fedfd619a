import { sql } from 'kysely'

import type { Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'

export interface GrantUseRow {
  readonly clientId: string
  readonly living: number
}

/** Returns how many grants of each of these clients are neither revoked nor expired; none for a client without. */
export async function selectLivingGrantCounts(
  db: Database,
  clientIds: readonly string[],
  now: Instant,
): Promise<GrantUseRow[]> {
  const rows = await db
    .selectFrom('client_grant')
    .select(['client_id as clientId', sql<number>`count(*)`.as('living')])
    .where('client_id', 'in', clientIds)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .groupBy('client_id')
    .execute()
  return rows.map(({ clientId, living }) => ({ clientId, living: Number(living) }))
}

/** Returns when tokens of a client were last issued. */
export async function selectLastGrantUse(db: Database, clientId: string): Promise<Instant | null> {
  const row = await db
    .selectFrom('client_grant')
    .select('last_used_at as at')
    .where('client_id', '=', clientId)
    .orderBy('last_used_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.at ?? null
}
