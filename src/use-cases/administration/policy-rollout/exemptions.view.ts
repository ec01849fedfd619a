// Lists the users who are exempt from a policy.
import { sql } from 'kysely'
import type { SqlBool } from 'kysely'

import type { Exemption } from '../../../domain/policies/exemption.ts'
import { USER_COLUMNS, userFromRow } from '../../../domain/users/user-row.ts'
import type { User } from '../../../domain/users/user.ts'
import type { Database } from '../../../foundation/platform/database/database.ts'

export interface ExemptUser extends Pick<Exemption, 'reason' | 'endsAt' | 'createdBy'> {
  readonly user: User
  readonly exemptSince: number
}

/** Returns the users who are or were exempt from a policy, after the one with that id, in the order of ids. */
export async function selectExempt(
  db: Database,
  policyId: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<ExemptUser[]> {
  const rows = await db
    .selectFrom('policy_exemption as exempt')
    .innerJoin('users', 'users.subject', 'exempt.subject')
    .select([
      ...USER_COLUMNS,
      'exempt.reason as reason',
      'exempt.ends_at as endsAt',
      'exempt.created_at as exemptSince',
      'exempt.created_by as createdBy',
    ])
    .where('exempt.policy_id', '=', policyId)
    .where(sql<SqlBool>`users.id > cast(${after} as bigint)`)
    .orderBy('users.id')
    .limit(limit)
    .execute()
  return rows.map(({ reason, endsAt, exemptSince, createdBy, ...row }) => {
    return { user: userFromRow(row), reason, endsAt, exemptSince, createdBy }
  })
}
