import type { Database } from '#foundation/platform/database/database.ts'
import { NO_TERMS, type PolicyVersion } from '../policy.ts'

export type NamedVersion = PolicyVersion & { readonly policyName: string }

/** Returns the versions of the policy for a group or a role, without their terms and without those that were cancelled. */
export async function selectVersionsNaming(db: Database, key: string): Promise<NamedVersion[]> {
  const rows = await db
    .selectFrom('policy')
    .innerJoin('policy_version', 'policy_version.policy_id', 'policy.id')
    .select([
      'policy.id as policyId',
      'policy.name as policyName',
      'policy_version.version as version',
      'policy_version.is_end as isEnd',
      'policy_version.in_force_from as inForceFrom',
      'policy_version.cancelled_at as cancelledAt',
    ])
    .where('policy.scope_key', '=', key)
    .where('policy_version.cancelled_at', 'is', null)
    .execute()
  return rows.map((row) => ({ ...row, isEnd: row.isEnd !== 0, terms: NO_TERMS }))
}
