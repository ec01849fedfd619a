// The users of a question about everyone, or about the role `user`, without reading them all: those that something distinguishes, and one row for
// all others of each kind, which weighs as many as the kept counts say (decision 0042).
import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'

import type { Database } from '#foundation/platform/database/database.ts'
import type { Schema } from '#foundation/platform/database/schema.ts'
import { ACCOUNT_APART, HAS_NOTHING, isEnabledSql, kindSql } from '#foundation/platform/database/user-cells.ts'
import type { AllRequirements, PlanQuestion, ScopedPolicy } from './plan.ts'

type Users = SelectQueryBuilder<Schema, 'users', object>

export interface WeighedUsers {
  readonly users: Users
  /** How many users a row stands for. */
  readonly weight: RawBuilder<number>
}

/** Beyond so many users who are looked up one by one, reading all of them in their order is faster, on PostgreSQL several times. */
const MOST_APART = 20_000

export interface Distinguishing {
  /** Whether all users that nothing distinguishes have the same answer. */
  readonly doCountsHold: boolean
  /** The groups by which users are distinguished. */
  readonly groups: readonly string[]
}

export async function weighedUsers(db: Database, asked: Distinguishing): Promise<WeighedUsers> {
  if (!asked.doCountsHold || (await areManyApart(db, asked)))
    return { users: db.selectFrom('users'), weight: sql<number>`1` }
  const rows = sql`(
    with apart as materialized (select ${sql.join(COLUMNS.map((name) => sql.ref(name)))} from users where subject in (${subjectsApart(db, asked)})),
    kept as (
      select kind, cast(sum(n) as bigint) as n from (
        select kind, count as n from user_count where kind in ('app', 'passkey', 'invited', 'no-factor')
        union all select ${sql.raw(kindSql('apart'))}, -1 from apart) as cell group by kind),
    joining as (
      select (select count(*) from users where ${joining('users')}) - (select count(*) from apart where ${joining('apart')}) as n)
    select ${sql.join(COLUMNS.map((name) => sql.ref(name)))}, 1 as weight from apart
    union all ${likeAll({ weight: keptOf('app'), hashed_password: "''", second_factor_at: '0' })}
    union all ${likeAll({ weight: keptOf('passkey'), hashed_password: "''", second_factor_at: '0', passkey_at: '0' })}
    union all ${likeAll({ weight: sql`(select n from joining)` })}
    union all ${likeAll({ weight: sql`(${keptOf('invited', 'no-factor')} - (select n from joining))`, hashed_password: "''" })})`
  const weighed = db.selectFrom(rows.as(sql`users`) as never)
  return { users: weighed as unknown as Users, weight: sql<number>`users.weight` }
}

/** The columns that the conditions of a plan and the kinds of the counts name. */
const COLUMNS = [
  'id',
  'subject',
  'role',
  'hashed_password',
  'otp_secret',
  'disabled',
  'invited_at',
  'second_factor_at',
  'passkey_at',
  'expires_at',
] as const

/** Returns what distinguishes the users of a plan. The members of a group and the holders of another role are read anyway. */
export function distinguishedByPlan({ policy, future, current, contradicting }: PlanQuestion): Distinguishing {
  const isOfMost = policy.scope === 'everyone' || (policy.scope === 'role' && policy.scopeRef === 'user')
  const [then, now] = [distinguishedByPolicies(future), distinguishedByPolicies(current)]
  return {
    doCountsHold: isOfMost && then.doCountsHold && now.doCountsHold,
    groups: [...groupsOf([policy, ...contradicting]), ...then.groups, ...now.groups],
  }
}

/** Returns what distinguishes users by what policies require of them. The counts do not say who has an app beside a passkey. */
export function distinguishedByPolicies({ requireOne, forbidApps, forbidPasskeys }: AllRequirements): Distinguishing {
  const groups = groupsOf([...requireOne, ...forbidApps, ...forbidPasskeys])
  return { doCountsHold: forbidPasskeys.length === 0, groups }
}

function groupsOf(policies: readonly ScopedPolicy[]): string[] {
  return policies.flatMap(({ scope, scopeRef }) => (scope === 'group' && scopeRef !== null ? [scopeRef] : []))
}

async function areManyApart(db: Database, asked: Distinguishing): Promise<boolean> {
  const { rows } = await sql`select 1 from (${subjectsApart(db, asked)}) as apart limit 1 offset ${MOST_APART}`.execute(
    db,
  )
  return rows.length > 0
}

/** Users that a policy of a group, an exemption, a role or the end of the account can distinguish, and those who count as another kind than a plan takes them for. */
function subjectsApart(db: Database, asked: Distinguishing): RawBuilder<unknown> {
  const groups = [...new Set(asked.groups)]
  // The planner does not know how few the array holds, so it looks them up instead of reading all users.
  const roles = db.dialect === 'postgres' ? sql`= any (array(select name from role))` : sql`in (select name from role)`
  const members = sql`select subject from group_member where group_id in (${sql.join(groups)}) union all`
  return sql`${groups.length === 0 ? sql`` : members}
    select subject from policy_exemption
    union all select subject from users where role = 'admin'
    union all select subject from users where role ${roles}
    union all select subject from users where ${sql.raw(ACCOUNT_APART)}`
}

function joining(row: string): RawBuilder<unknown> {
  return sql.raw(`${HAS_NOTHING} and ${isEnabledSql(row)}`)
}

function keptOf(...kinds: readonly string[]): RawBuilder<number> {
  return sql<number>`(select coalesce(sum(n), 0) from kept where kind in (${sql.join(kinds.map((kind) => sql.lit(kind)))}))`
}

type Given = Partial<Record<(typeof COLUMNS)[number], string>> & { readonly weight: RawBuilder<unknown> }

/** One row for users that nothing distinguishes: enabled, in no group and without an end. */
function likeAll({ weight, ...given }: Given): RawBuilder<unknown> {
  const values = { id: 'null', subject: "''", role: "'user'", disabled: "'0'", ...given } as const
  const row = COLUMNS.map((name) => sql.raw((values as Partial<Record<string, string>>)[name] ?? 'null'))
  return sql`select ${sql.join(row)}, ${weight}`
}
