// Reads the users that a policy stops at an instant. All conditions are in SQL of the few policies; no user costs a query.
import { type RawBuilder, sql, type SqlBool } from 'kysely'

import { userFromRow } from '#domain/users/user-row.ts'
import { isEnabled } from '#domain/users/user.queries.ts'
import type { User } from '#domain/users/user.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { USER_COLUMNS } from '#foundation/platform/database/user-columns.ts'
import { anyOf, both } from './applicable.view.ts'
import type { StopReason, StopState } from './plan.ts'
import {
  ALWAYS,
  type AskedPlan,
  HELD,
  type Held,
  IS_PRIVILEGED,
  isContradicted,
  isLacking,
  isStopped,
  isStoppedWith,
  NEVER,
  reasonOf,
  REASONS,
  stateOf,
  usersOfPlan,
} from './stopped.view.ts'
import { distinguishedByPlan, weighedUsers } from './weighed-users.view.ts'

export interface StoppedUser {
  readonly user: User
  readonly reason: StopReason
  readonly state: StopState
}

export interface StoppedSlice {
  readonly after: number
  readonly limit: number
  readonly state?: StopState | undefined
  /** Only users with permissions, or only those without; all if left out. */
  readonly hasPermissions?: boolean | undefined
  /** The ids of the users who are looked at; all if left out. */
  readonly among?: readonly number[] | undefined
}

/** Returns users that the policy stops, after the one with that id, in the order of ids; with a state, only those in it. */
export async function selectStopped(
  db: Database,
  asked: AskedPlan,
  { after, limit, state, hasPermissions, among }: StoppedSlice,
): Promise<StoppedUser[]> {
  const found = stateOf(asked)
  const withPermissions = sql<number>`case when ${IS_PRIVILEGED} then 1 else 0 end`
  const rows = await usersOfPlan(db.selectFrom('users'), asked)
    .select([...USER_COLUMNS, reasonOf(asked).as('reason'), found.as('state')])
    .where(isStopped(asked))
    // The cast compares an id that is too small for the column with every other, instead of an error.
    .where(sql<SqlBool>`users.id > cast(${after} as bigint)`)
    .$if(state !== undefined, (query) => query.where(found, '=', state ?? 'stopped'))
    .$if(hasPermissions !== undefined, (query) => query.where(withPermissions, '=', hasPermissions === true ? 1 : 0))
    .$if(among !== undefined, (query) => query.where('users.id', 'in', [...(among ?? [])]))
    .orderBy('users.id')
    .limit(limit)
    .execute()
  return rows.map(({ reason, state: shown, ...row }) => ({ user: userFromRow(row), reason, state: shown }))
}

export interface StoppedCount {
  readonly reason: StopReason
  readonly state: StopState
  readonly count: number
}

export interface PlanSummary {
  /** Enabled users to which the policy applies, without those who are exempt. */
  readonly concerned: number
  /** How many of them it stops, by reason and state. */
  readonly counts: readonly StoppedCount[]
  /** How many of those that it stops have permissions. */
  readonly withPermissions: number
  /** How many of those that it stops from a deadline on have no email, so that no reminder reaches them; 0 without a deadline. */
  readonly withoutEmail: number
}

/** Returns to how many users the policy applies and how many it stops. All are counted in one pass: grouping would sort every user. */
export async function countStopped(db: Database, asked: AskedPlan): Promise<PlanSummary> {
  const { users, weight } = await weighedUsers(db, distinguishedByPlan(asked))
  const row = await usersOfPlan(users, asked)
    .where(isEnabled)
    .select([
      countOf(ALWAYS, weight).as('concerned'),
      countOf(isContradicted(asked), weight).as('contradicted'),
      countOf(both(IS_PRIVILEGED, isStopped(asked)), weight).as('privileged'),
      ...HELD.flatMap((held) => countsWith(held, asked, weight)),
      withoutEmail(db, asked).as('unreachable'),
    ])
    .executeTakeFirstOrThrow()
  const numbers = row as Readonly<Record<string, unknown>>
  const number = (name: string): number => Number(numbers[name] ?? 0)
  const counts = HELD.flatMap((held): StoppedCount[] => {
    const [joining, already] = [number(`${held}_joining`), number(`${held}_already`)]
    const reason = REASONS[held]
    return [
      { reason, state: 'joining', count: joining },
      { reason, state: 'already-stopped', count: already },
      { reason, state: 'stopped', count: number(`${held}_all`) - joining - already },
    ]
  })
  counts.push({ reason: 'no-factor-left', state: 'stopped', count: number('contradicted') })
  return {
    concerned: number('concerned'),
    counts: counts.filter(({ count }) => count > 0),
    withPermissions: number('privileged'),
    withoutEmail: number('unreachable'),
  }
}

/**
 * The number of users without an email in the state `stopped`. A query of its own within the statement, since the kept counts do not say who
 * has an email; the index `users_without_email` finds them. No reminder is sent for what is in force.
 */
function withoutEmail(db: Database, asked: AskedPlan): RawBuilder<number> {
  if (asked.future.at <= asked.current.at) return sql<number>`0`
  const found = usersOfPlan(db.selectFrom('users'), asked)
    .where('users.email_key', 'is', null)
    .where('users.email', 'is', null)
    .where(isStopped(asked))
    .where(stateOf(asked), '=', 'stopped')
    .select(sql<number>`count(*)`.as('count'))
  return sql<number>`${found}`
}

/** The numbers of the users with this factor that the policy stops: all, those who are joining, and those who are stopped today. */
function countsWith(held: Held, asked: AskedPlan, weight: RawBuilder<number>) {
  const isCounted = sql<SqlBool>`(${isStoppedWith(held, asked)} and not ${isContradicted(asked)})`
  const isJoining = held === 'none' ? sql<SqlBool>`users.hashed_password is null` : NEVER
  const isAlready = sql<SqlBool>`(${isCounted} and not (${isJoining}) and ${isLacking(held, asked.current)})`
  return [
    countOf(isCounted, weight).as(`${held}_all`),
    countOf(both(isCounted, isJoining), weight).as(`${held}_joining`),
    countOf(isAlready, weight).as(`${held}_already`),
  ]
}

function countOf(condition: RawBuilder<SqlBool>, weight: RawBuilder<number>): RawBuilder<number | null> {
  return sql`sum(case when ${condition} then ${weight} else 0 end)`
}

/**
 * Whether the policy stops a user, besides the one with this subject, whose role is among these, and who would not be stopped at that instant
 * without it: `present` of the plan is what is asked then without it.
 */
export async function stopsAnyOf(
  db: Database,
  asked: AskedPlan,
  { roles, besides }: { readonly roles: readonly string[]; readonly besides: string },
): Promise<boolean> {
  const found = await usersOfPlan(db.selectFrom('users'), asked)
    .select('users.id')
    .where('users.role', 'in', [...roles])
    .where('users.subject', '!=', besides)
    .where(anyOf(HELD.map((held) => isStoppedWith(held, asked))))
    .where(stateOf(asked), '=', 'stopped')
    .limit(1)
    .execute()
  return found.length > 0
}
