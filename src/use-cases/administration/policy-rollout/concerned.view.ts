// Whom policies concern, as conditions on rows of `users`. A policy does not concern users who are exempt at the instant.
import { type RawBuilder, sql, type SqlBool } from 'kysely'

import { isInScope } from '#domain/policies/store/shared-users.queries.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import type { ConcernThen } from './plan.ts'

/** Users whom one policy concerns. */
export function isConcernedByOne({ id, scope, scopeRef, countsHelp }: ConcernThen, at: Instant): RawBuilder<SqlBool> {
  const condition = isInScope({ scope, scopeRef })
  return id === null
    ? sql<SqlBool>`(${condition})`
    : sql<SqlBool>`(${condition} and not ${isExempt(id, { at, countsHelp })})`
}

/** Users whom at least one of the policies concerns. */
export function isConcerned(concerns: readonly ConcernThen[], at: Instant): RawBuilder<SqlBool> {
  const others = concerns.filter(({ scope }) => scope !== 'group')
  const groups = Map.groupBy(
    concerns.filter(({ scope, id }) => scope === 'group' && id !== null),
    ({ countsHelp }) => countsHelp,
  )
  const withExempt = concerns.filter(({ scope, id }) => scope === 'group' && id === null)
  return anyOf([
    ...others.map((concern) => isConcernedByOne(concern, at)),
    ...[...groups].map(([countsHelp, some]) => isInOneOf(some, isNotExempt({ at, countsHelp }))),
    ...(withExempt.length === 0 ? [] : [isInOneOf(withExempt, sql``)]),
  ])
}

/** One of the conditions; false if there is none. */
export function anyOf(conditions: readonly RawBuilder<unknown>[]): RawBuilder<SqlBool> {
  return conditions.length === 0 ? sql<SqlBool>`(1 = 0)` : sql<SqlBool>`(${sql.join([...conditions], sql` or `)})`
}

/** Both conditions. */
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
function isInOneOf(groups: readonly ConcernThen[], condition: RawBuilder<unknown>): RawBuilder<SqlBool> {
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

/** Returns which of these users a policy concerns at an instant. */
export async function selectConcernedIds(
  db: Database,
  { concern, at, ids }: { readonly concern: ConcernThen; readonly at: Instant; readonly ids: readonly number[] },
): Promise<number[]> {
  const rows = await db
    .selectFrom('users')
    .select('id')
    .where('id', 'in', [...ids])
    .where(isConcernedByOne(concern, at))
    .execute()
  return rows.map(({ id }) => id)
}
