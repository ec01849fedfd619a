// To which users policies apply, as conditions on rows of `users`. A policy does not apply to users who are exempt at the instant.
import { type RawBuilder, sql, type SqlBool } from 'kysely'

import { isInScope } from '#domain/policies/store/shared-users.queries.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import type { ScopedPolicyAt } from './plan.ts'

export function policyApplies({ id, scope, scopeRef, countsHelp }: ScopedPolicyAt, at: Instant): RawBuilder<SqlBool> {
  const condition = isInScope({ scope, scopeRef })
  return id === null
    ? sql<SqlBool>`(${condition})`
    : sql<SqlBool>`(${condition} and not ${isExempt(id, { at, countsHelp })})`
}

export function anyPolicyApplies(policies: readonly ScopedPolicyAt[], at: Instant): RawBuilder<SqlBool> {
  const others = policies.filter(({ scope }) => scope !== 'group')
  const groups = Map.groupBy(
    policies.filter(({ scope, id }) => scope === 'group' && id !== null),
    ({ countsHelp }) => countsHelp,
  )
  const withExempt = policies.filter(({ scope, id }) => scope === 'group' && id === null)
  return anyOf([
    ...others.map((policy) => policyApplies(policy, at)),
    ...[...groups].map(([countsHelp, some]) => isInOneOf(some, isNotExempt({ at, countsHelp }))),
    ...(withExempt.length === 0 ? [] : [isInOneOf(withExempt, sql``)]),
  ])
}

/** One of the conditions; false if there is none. */
export function anyOf(conditions: readonly RawBuilder<unknown>[]): RawBuilder<SqlBool> {
  return conditions.length === 0 ? sql<SqlBool>`(1 = 0)` : sql<SqlBool>`(${sql.join([...conditions], sql` or `)})`
}

export function both(one: RawBuilder<SqlBool>, other: RawBuilder<SqlBool>): RawBuilder<SqlBool> {
  return sql<SqlBool>`(${one} and ${other})`
}

interface Counting {
  readonly at: Instant
  /** Whether exemptions of the help desk count. */
  readonly countsHelp: boolean
}

// The exemptions are few: the list is read once for a statement.
function isExempt(id: string, { at, countsHelp }: Counting): RawBuilder<SqlBool> {
  const given = countsHelp ? sql`` : sql` and by_help is null`
  return sql<SqlBool>`users.subject in (
    select subject from policy_exemption where policy_id in (${id}) and ends_at > ${at}${given})`
}

/** The groups of a user are few, those that policies name may be many. There is at most one policy for each group. */
function isInOneOf(groups: readonly ScopedPolicyAt[], condition: RawBuilder<unknown>): RawBuilder<SqlBool> {
  const ids = groups.map(({ scopeRef }) => scopeRef)
  return sql<SqlBool>`exists (select 1 from group_member as member
    where member.subject = users.subject and member.group_id in (${sql.join(ids)})${condition})`
}

/** Members who are not exempt from the policy of their group. */
function isNotExempt({ at, countsHelp }: Counting): RawBuilder<unknown> {
  const given = countsHelp ? sql`` : sql` and exempt.by_help is null`
  return sql`
      and not exists (select 1 from policy_exemption as exempt inner join policy on policy.id = exempt.policy_id
        where exempt.subject = member.subject and exempt.ends_at > ${at}${given}
          and policy.scope = 'group' and policy.scope_ref = member.group_id)`
}

/** Returns to which of these users a policy applies at an instant. */
export async function selectApplicableIds(
  db: Database,
  { policy, at, ids }: { readonly policy: ScopedPolicyAt; readonly at: Instant; readonly ids: readonly number[] },
): Promise<number[]> {
  const rows = await db
    .selectFrom('users')
    .select('id')
    .where('id', 'in', [...ids])
    .where(policyApplies(policy, at))
    .execute()
  return rows.map(({ id }) => id)
}
