// Lists the users who are exempt from a policy.
import { sql, type SqlBool } from 'kysely'

import type { Exemption } from '#domain/policies/rollout/exemption.ts'
import { userFromRow } from '#domain/users/user-row.ts'
import type { User } from '#domain/users/user.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { USER_COLUMNS } from '#foundation/platform/database/user-columns.ts'
import { applicablePolicies } from '#foundation/platform/database/user-policies.ts'

export interface ExemptRow extends Pick<Exemption, 'reason' | 'endsAt' | 'createdBy' | 'byHelp'> {
  readonly user: User
  readonly exemptSince: number
  /** The versions of the policies that apply to the user, as `applicablePolicies` reads them. */
  readonly policies: string | null
}

/** Returns the users who are or were exempt from a policy, after the one with that id, in the order of ids. */
export async function selectExempt(
  db: Database,
  policyId: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<ExemptRow[]> {
  const rows = await db
    .selectFrom('policy_exemption as exempt')
    .innerJoin('users', 'users.subject', 'exempt.subject')
    .select([
      ...USER_COLUMNS,
      'exempt.reason as reason',
      'exempt.ends_at as endsAt',
      'exempt.created_at as exemptSince',
      'exempt.created_by as createdBy',
      'exempt.by_help as byHelp',
      applicablePolicies(db).as('policies'),
    ])
    .where('exempt.policy_id', '=', policyId)
    .where(sql<SqlBool>`users.id > cast(${after} as bigint)`)
    .orderBy('users.id')
    .limit(limit)
    .execute()
  return rows.map(({ reason, endsAt, exemptSince, createdBy, byHelp, policies, ...row }) => {
    const given = { reason, endsAt, exemptSince, createdBy, byHelp: byHelp !== null }
    return { user: userFromRow(row), ...given, policies }
  })
}
