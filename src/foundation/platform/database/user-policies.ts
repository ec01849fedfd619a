// The versions of the policies that concern a user, as part of the query that reads the user.
import { type Expression, type RawBuilder, sql, type SqlBool } from 'kysely'

import type { Database } from './database.ts'

/** The fields of a version in the JSON, and the columns they come from. */
const FIELDS = {
  policyId: 'policy_version.policy_id',
  version: 'policy_version.version',
  secondFactor: 'policy_version.second_factor',
  factors: 'policy_version.factors',
  sessionIdle: 'policy_version.session_idle',
  sessionAbsolute: 'policy_version.session_absolute',
  reauthentication: 'policy_version.reauthentication',
  rememberFor: 'policy_version.remember_for',
  helpersMayExempt: 'policy_version.helpers_may_exempt',
  isEnd: 'policy_version.is_end',
  inForceFrom: 'policy_version.in_force_from',
  scope: 'policy.scope',
  exemptUntil: 'policy_exemption.ends_at',
  exemptByHelp: 'policy_exemption.by_help',
}

interface Concerned {
  readonly subject: Expression<string>
  readonly role: Expression<string>
  /** The ids of groups that the user is about to join. */
  readonly joins?: readonly string[]
}

/**
 * The role by which policies concern a user. An externally inserted row may have no role or an unknown one: its user counts as `user`, and
 * would otherwise pass by the policies of that role.
 */
const HELD_ROLE = sql<string>`case when users.role in ('user', 'admin') or users.role in (select name from role)
  then users.role else 'user' end`

const USERS: Concerned = { subject: sql.ref('users.subject'), role: HELD_ROLE }

/**
 * Returns the versions of each policy that concerns a user, those that have not begun too, as one value: a JSON array of objects with the
 * fields above, or null if there are none. As one value they need no query of their own. By default it is the user of the row of `users`.
 * The keys of the user are looked up one by one in the index, so that other policies cost nothing.
 */
export function concerningPolicies(db: Database, { subject, role, joins = [] } = USERS): RawBuilder<string | null> {
  const fields = sql.join(Object.entries(FIELDS).flatMap(([name, column]) => [sql.lit(name), sql.ref(column)]))
  const versions =
    db.dialect === 'postgres'
      ? sql`json_agg(json_build_object(${fields}))::text`
      : sql`json_group_array(json_object(${fields}))`
  const joined = joins.map(
    (id) => sql`
      union all select cast(${`group:${id}`} as text)`,
  )
  return sql`(
    select ${versions}
    from policy
    join policy_version on policy_version.policy_id = policy.id and policy_version.cancelled_at is null
    left join policy_exemption on policy_exemption.policy_id = policy.id and policy_exemption.subject = ${subject}
    where policy.scope_key in (
      select 'group:' || group_id from group_member where group_member.subject = ${subject}
      union all select 'role:' || (${role})
      union all select 'everyone'${sql.join(joined, sql``)}))`
}

/** What the query of a session or an API token says about the policies of its user. */
export interface PoliciesOfRow {
  readonly anyPolicy?: SqlBool | null
  readonly policies?: string | null
}

/** Selects whether any policy is stored. */
export const ANY_POLICY = sql<SqlBool>`exists (select 1 from policy)`.as('anyPolicy')

/**
 * Reads a row with its user by one of two queries: with the versions of the user's policies if any policy was stored at the last read, otherwise
 * only with `ANY_POLICY`. PostgreSQL prepares each part of a query at each execution, and the versions take half of its time though there
 * are none (decision 0066). Both queries let the policies be evaluated as they are stored now; the last read only decides which is sent.
 */
export async function readWithPolicies<Row extends PoliciesOfRow>(
  { seen }: Database,
  read: { readonly withVersions: () => Promise<Row[]>; readonly without: () => Promise<Row[]> },
): Promise<Row | undefined> {
  const [row] = await (seen.policies ? read.withVersions() : read.without())
  if (row !== undefined) seen.policies = Boolean(row.anyPolicy)
  return row
}

/** Returns the versions that the query of a row has read; null if there are none, undefined if a query of their own must read them. */
export function versionsInRow({ anyPolicy: isAny, policies }: PoliciesOfRow): string | null | undefined {
  return policies === undefined && (isAny === false || isAny === 0) ? null : policies
}
