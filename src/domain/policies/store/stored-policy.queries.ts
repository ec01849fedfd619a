import { sql } from 'kysely'

import type { Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { preparedQuery } from '#foundation/platform/database/prepared-query.ts'
import { applicablePolicies } from '#foundation/platform/database/user-policies.ts'
import type { PolicyScope } from '../scope.ts'

const POLICY_COLUMNS = ['id', 'name', 'scope', 'scope_ref as scopeRef', 'revision', 'created_at as createdAt'] as const

/** The columns of one version; its row also says which policy it belongs to. */
const VERSION_COLUMNS = [
  'policy_version.policy_id as policyId',
  'policy_version.version',
  'policy_version.second_factor as secondFactor',
  'policy_version.factors',
  'policy_version.session_idle as sessionIdle',
  'policy_version.session_absolute as sessionAbsolute',
  'policy_version.reauthentication',
  'policy_version.remember_for as rememberFor',
  'policy_version.helpers_may_exempt as helpersMayExempt',
  'policy_version.is_end as isEnd',
  'policy_version.in_force_from as inForceFrom',
] as const

export interface PolicyRow {
  readonly id: string
  readonly name: string
  readonly scope: PolicyScope
  readonly scopeRef: string | null
  readonly revision: number
  readonly createdAt: Instant
}

/** Returns the policy with this id; undefined if there is none. */
export function selectPolicy(db: Database, id: string): Promise<PolicyRow | undefined> {
  return db.selectFrom('policy').select(POLICY_COLUMNS).where('id', '=', id).executeTakeFirst()
}

/** Returns every policy: that for everyone, those of groups, those of roles, by name. */
export function selectPolicies(db: Database): Promise<PolicyRow[]> {
  return db.selectFrom('policy').select(POLICY_COLUMNS).orderBy('scope').orderBy('name').orderBy('id').execute()
}

/** Returns the versions of one policy or of all, the oldest first. */
export function selectVersions(db: Database, policyId?: string) {
  return db
    .selectFrom('policy_version')
    .select([
      ...VERSION_COLUMNS,
      'policy_version.id',
      'policy_version.created_at as createdAt',
      'policy_version.created_by as createdBy',
      'policy_version.cancelled_at as cancelledAt',
      'policy_version.reminder',
    ])
    .$if(policyId !== undefined, (query) => query.where('policy_id', '=', policyId ?? ''))
    .orderBy('policy_id')
    .orderBy('version')
    .execute()
}

/** Returns the versions of each policy that applies to a user with this role, as the text of `applicablePolicies`. */
export const selectVersionsFor = preparedQuery((db, subject: string, role: string) =>
  db.selectNoFrom(
    applicablePolicies(db, { subject: sql`${subject}`, role: sql`cast(${role} as text)` }).as('policies'),
  ),
)

/** Returns the same for a user who is about to join these groups. */
export function selectVersionsJoining(
  db: Database,
  { subject, role, joins }: { readonly subject: string; readonly role: string; readonly joins: readonly string[] },
): Promise<{ readonly policies: string | null }[]> {
  return db
    .selectNoFrom(
      applicablePolicies(db, { subject: sql`${subject}`, role: sql`cast(${role} as text)`, joins }).as('policies'),
    )
    .execute()
}

/** Returns the versions of the policy for everyone that have begun. */
export const selectVersionsForEveryone = preparedQuery((db, now: number) =>
  db
    .selectFrom('policy')
    .innerJoin('policy_version', 'policy_version.policy_id', 'policy.id')
    .select(VERSION_COLUMNS)
    .where('policy.scope_key', '=', 'everyone')
    .where('policy_version.cancelled_at', 'is', null)
    .where('policy_version.in_force_from', '<=', now),
)

/** A row of a version as it is stored. */
export type VersionRow = Awaited<ReturnType<typeof selectVersionsForEveryone>>[number]

const inForce = preparedQuery((db: Database, now: Instant) =>
  db
    .selectFrom('policy_version')
    .select((eb) => [eb.fn.countAll<number>().as('count'), eb.fn.max('in_force_from').as('latest')])
    .where('cancelled_at', 'is', null)
    .where('in_force_from', '<=', now),
)

/** Returns how many versions have come into force, and when the latest has. */
export async function selectInForce(db: Database, now: Instant) {
  const [row] = await inForce(db, now)
  return { count: Number(row?.count ?? 0), latest: Number(row?.latest ?? 0) }
}
