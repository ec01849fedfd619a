import { sql } from 'kysely'

import type { Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'

export interface GrantUseRow {
  readonly clientId: string
  readonly living: number
  readonly lastUsedAt: Instant | null
}

/**
 * Returns how many grants of each of these clients are neither revoked nor expired, and when tokens of it were last issued. One statement, since
 * a page of apps would otherwise send one for each.
 */
export async function selectGrantUses(
  db: Database,
  clientIds: readonly string[],
  now: Instant,
): Promise<GrantUseRow[]> {
  const rows = await db
    .selectFrom('client')
    .select((eb) => [
      'client.id as clientId',
      eb
        .selectFrom('client_grant')
        .select(sql<number>`count(*)`.as('count'))
        .whereRef('client_id', '=', 'client.id')
        .where('revoked_at', 'is', null)
        .where('expires_at', '>', now)
        .as('living'),
      eb
        .selectFrom('client_grant')
        .select('last_used_at')
        .whereRef('client_id', '=', 'client.id')
        .orderBy('last_used_at', 'desc')
        .limit(1)
        .as('lastUsedAt'),
    ])
    .where('client.id', 'in', clientIds)
    .execute()
  return rows.map((row) => ({ ...row, living: Number(row.living) }))
}
