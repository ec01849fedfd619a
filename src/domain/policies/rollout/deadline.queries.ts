import { sql } from 'kysely'

import type { Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'

/** Returns when the planned versions of the policies that apply to a user begin, the earliest first. */
export async function selectPlannedInstants(
  db: Database,
  { subject, roleKey, now }: { readonly subject: string; readonly roleKey: string; readonly now: Instant },
): Promise<Instant[]> {
  const rows = await db
    .selectFrom('policy')
    .innerJoin('policy_version', 'policy_version.policy_id', 'policy.id')
    .select('policy_version.in_force_from as at')
    .distinct()
    .where(
      'policy.scope_key',
      'in',
      sql<string>`(select 'group:' || group_id from group_member where subject = ${subject} union all select cast(${roleKey} as text) union all select 'everyone')`,
    )
    .where('policy_version.cancelled_at', 'is', null)
    .where('policy_version.in_force_from', '>', now)
    .orderBy('at')
    .execute()
  return rows.map(({ at }) => at)
}
