// Counts and names the users who could not use an app, with the conditions of the plan of a policy (decision 0042): no user costs a query.
import { type RawBuilder, type SelectQueryBuilder, sql, type SqlBool } from 'kysely'

import type { AppAccess } from '#domain/clients/app-access.ts'
import { isInScope } from '#domain/policies/store/shared-users.queries.ts'
import { userFromRow } from '#domain/users/user-row.ts'
import type { User } from '#domain/users/user.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import type { Schema } from '#foundation/platform/database/schema.ts'
import { USER_COLUMNS } from '#foundation/platform/database/user-columns.ts'
import { anyOf, anyPolicyApplies, both } from '../policy-rollout/applicable.view.ts'
import { ALWAYS, HELD, type Held, HOLDS, hasNotEnded, isLacking, NEVER } from '../policy-rollout/stopped.view.ts'
import { distinguishedByPolicies, weighedUsers } from '../policy-rollout/weighed-users.view.ts'
import { type AccessCheck, type AccessQuestion, type AccessReason, reasonsOf } from './access-check.ts'

/** Returns how many users could not use the app, in one pass in which each condition is evaluated once for a user. */
export async function countRefused(db: Database, question: AccessQuestion): Promise<AccessCheck> {
  const { before, after, current, keptAdmin } = question
  const byPolicies = distinguishedByPolicies(current)
  const groups = [...byPolicies.groups, ...before.allowedGroups, ...after.allowedGroups]
  const { users, weight } = await weighedUsers(db, { ...byPolicies, groups })
  const reasons = reasonsOf(after)
  const evaluated = withMembers(users, question, db)
    .where(hasNotEnded(current.at, keptAdmin))
    .where(canSignIn(question))
    .select([
      weight.as('weight'),
      flag(canUse('before', question, db)).as('before'),
      ...reasons.map((reason) => flag(isTrueOf(reason, 'after', question, db)).as(reason)),
    ])
    // With an offset the databases do not merge it into the query around it, which would evaluate each condition for each sum.
    .$if(db.dialect === 'sqlite', (query) => query.limit(-1))
    .offset(0)
  const row = await db
    .selectFrom(evaluated.as('found'))
    .select([
      sumOf(ALWAYS).as('users'),
      ...reasons.flatMap((reason, at) => {
        const isFirst = sql.join(
          [sql`${sql.ref(reason)} = 1`, ...reasons.slice(0, at).map((earlier) => sql`${sql.ref(earlier)} = 0`)],
          sql` and `,
        )
        return [
          sumOf(isFirst).as(`${reason}_all`),
          sumOf(sql`${isFirst} and ${sql.ref('before')} = 1`).as(`${reason}_newly`),
        ]
      }),
    ])
    .executeTakeFirstOrThrow()
  const numbers = row as Readonly<Record<string, unknown>>
  const number = (name: string): number => Number(numbers[name] ?? 0)
  const counts = reasons.map((reason) => ({
    reason,
    users: number(`${reason}_all`),
    newly: number(`${reason}_newly`),
  }))
  return { users: number('users'), counts: counts.filter(({ users: found }) => found > 0) }
}

function flag(condition: RawBuilder<SqlBool>): RawBuilder<number> {
  return sql<number>`case when ${condition} then 1 else 0 end`
}

function sumOf(condition: RawBuilder<unknown>): RawBuilder<number | null> {
  return sql<number | null>`sum(case when ${condition} then weight else 0 end)`
}

export interface RefusedUser {
  readonly user: User
  readonly reason: AccessReason
}

/** Returns users who can use the app now and could not any more, in the order of their ids. */
export async function selectNewlyRefused(
  db: Database,
  question: AccessQuestion,
  limit: number,
): Promise<RefusedUser[]> {
  const { after, current, keptAdmin } = question
  const reasons = reasonsOf(after)
  if (reasons.length === 0) return []
  const cases = reasons.map((reason) => sql`when ${isTrueOf(reason, 'after', question, db)} then ${sql.lit(reason)}`)
  const rows = await withMembers(db.selectFrom('users'), question, db)
    .select([...USER_COLUMNS, sql<AccessReason>`case ${sql.join(cases, sql` `)} end`.as('reason')])
    .where(hasNotEnded(current.at, keptAdmin))
    .where(canSignIn(question))
    .where(sql<SqlBool>`not ${canUse('after', question, db)}`)
    .where(canUse('before', question, db))
    .orderBy('users.id')
    .limit(limit)
    .execute()
  return rows.map(({ reason, ...row }) => ({ user: userFromRow(row), reason }))
}

type Policies = Pick<AccessQuestion, 'current'>

/** Enabled users who have joined and whom no policy stops. */
function canSignIn({ current }: Policies): RawBuilder<SqlBool> {
  const isFree = (held: Held): RawBuilder<SqlBool> =>
    sql<SqlBool>`(${HOLDS[held]} and not (${isLacking(held, current)}))`
  const hasJoined = sql<SqlBool>`users.hashed_password is not null`
  return anyOf(HELD.map((held) => (held === 'none' ? both(isFree(held), hasJoined) : isFree(held))))
}

type Side = 'before' | 'after'

function canUse(side: Side, question: AccessQuestion, db: Database): RawBuilder<SqlBool> {
  const reasons = reasonsOf(question[side]).map((reason) => isTrueOf(reason, side, question, db))
  return sql<SqlBool>`(not ${anyOf(reasons)})`
}

function isTrueOf(
  reason: AccessReason,
  side: Side,
  { [side]: access, current }: AccessQuestion,
  db: Database,
): RawBuilder<SqlBool> {
  switch (reason) {
    case 'role':
    case 'group':
    case 'role_or_group':
      return sql<SqlBool>`(not ${isAllowed(access, side, db)})`
    case 'no_second_factor':
      return HOLDS.none
    case 'no_passkey':
      return sql<SqlBool>`(users.passkey_at is null)`
    case 'passkey_not_allowed':
      return current.forbidPasskeys.length === 0 ? NEVER : anyPolicyApplies(current.forbidPasskeys, current.at)
  }
}

/** The users with one of the roles, and the members of one of the groups. */
function isAllowed({ allowedRoles, allowedGroups }: AppAccess, side: Side, { dialect }: Database): RawBuilder<SqlBool> {
  const roles = allowedRoles.map((scopeRef) => isInScope({ scope: 'role', scopeRef }))
  if (allowedGroups.length === 0) return anyOf(roles)
  const isMember =
    dialect === 'sqlite'
      ? sql`users.subject in ${membersOf(allowedGroups)}`
      : sql`${sql.ref(MEMBERS[side])}.subject is not null`
  return anyOf([...roles, isMember])
}

/** The tables of the members of the groups that may use the app. */
const MEMBERS = { before: 'member_before', after: 'member_after' } as const satisfies Record<Side, string>

function membersOf(groups: readonly string[]): RawBuilder<object> {
  return sql<object>`(select distinct subject from group_member where group_id in (${sql.join([...groups])}))`
}

type Users = SelectQueryBuilder<Schema, 'users', object>

/**
 * Joins these tables on PostgreSQL, which would look through all members of a large group again for each user if they stood in a condition. SQLite reads
 * them once for a condition, and would look through them for each user if they were joined.
 */
function withMembers(users: Users, question: AccessQuestion, { dialect }: Database): Users {
  if (dialect === 'sqlite') return users
  const sides = (['before', 'after'] as const).filter((side) => question[side].allowedGroups.length > 0)
  return sides.reduce((joined, side) => {
    const isSame = sql<SqlBool>`${sql.ref(MEMBERS[side])}.subject = users.subject`
    const members = membersOf(question[side].allowedGroups).as(MEMBERS[side])
    return joined.leftJoin(members, (join) => join.on(isSame))
  }, users)
}
