// Reads the users whom a policy stops at an instant. All conditions are in SQL of the few policies; no user costs a query.
import { sql } from 'kysely'
import type { RawBuilder, SelectQueryBuilder, SqlBool } from 'kysely'

import { isEnabled } from '../../../domain/users/user.queries.ts'
import { userFromRow } from '../../../domain/users/user-row.ts'
import type { User } from '../../../domain/users/user.ts'
import type { Instant } from '../../../foundation/kernel/time.ts'
import type { Database } from '../../../foundation/platform/database/database.ts'
import type { Schema } from '../../../foundation/platform/database/schema.ts'
import { USER_COLUMNS } from '../../../foundation/platform/database/user-columns.ts'
import { anyOf, both, isConcerned, isConcernedByOne } from './concerned.view.ts'
import { isSameScope } from './plan.ts'
import type { AllDemands, Concern, PlanQuestion, StopReason, StopState } from './plan.ts'
import { weighedUsers } from './weighed-users.view.ts'

export interface AskedPlan extends PlanQuestion {
  /** The admin who is not shut out although their account has ended by then; undefined if there is none. */
  readonly keptAdmin: number | undefined
  /** An exemption from the policy that ends before this instant does not count; the instant of the plan if left out. */
  readonly exemptUntil?: Instant
}

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

/** Returns users whom the policy stops, after the one with that id, in the order of ids; with a state, only those in it. */
export async function selectStopped(
  db: Database,
  asked: AskedPlan,
  { after, limit, state, hasPermissions, among }: StoppedSlice,
): Promise<StoppedUser[]> {
  const found = stateOf(asked)
  const withPermissions = sql<number>`case when ${IS_PRIVILEGED} then 1 else 0 end`
  const rows = await concernedUsers(db.selectFrom('users'), asked)
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

export interface PlanCounts {
  /** Enabled users whom the policy concerns, without those who are exempt. */
  readonly concerned: number
  /** How many of them it stops, by reason and state. */
  readonly counts: readonly StoppedCount[]
  /** How many of those whom it stops have permissions. */
  readonly withPermissions: number
}

/** Returns how many users the policy concerns and how many it stops. All are counted in one pass: grouping would sort every user. */
export async function countStopped(db: Database, asked: AskedPlan): Promise<PlanCounts> {
  const { users, weight } = await weighedUsers(db, asked)
  const row = await concernedUsers(users, asked)
    .where(isEnabled)
    .select([
      countOf(ALWAYS, weight).as('concerned'),
      countOf(isContradicted(asked), weight).as('contradicted'),
      countOf(both(IS_PRIVILEGED, isStopped(asked)), weight).as('privileged'),
      ...HELD.flatMap((held) => countsWith(held, asked, weight)),
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
  }
}

/** The numbers of the users with this factor whom the policy stops: all, those who are joining, and those who are stopped today. */
function countsWith(held: Held, asked: AskedPlan, weight: RawBuilder<number>) {
  const isCounted = sql<SqlBool>`(${isStoppedWith(held, asked)} and not ${isContradicted(asked)})`
  const isJoining = held === 'none' ? sql<SqlBool>`users.hashed_password is null` : NEVER
  const isAlready = sql<SqlBool>`(${isCounted} and not (${isJoining}) and ${isLacking(held, asked.present)})`
  return [
    countOf(isCounted, weight).as(`${held}_all`),
    countOf(both(isCounted, isJoining), weight).as(`${held}_joining`),
    countOf(isAlready, weight).as(`${held}_already`),
  ]
}

function countOf(condition: RawBuilder<SqlBool>, weight: RawBuilder<number>): RawBuilder<number | null> {
  return sql`sum(case when ${condition} then ${weight} else 0 end)`
}

/** What a user holds. A passkey may stand beside an app. */
type Held = 'none' | 'app' | 'passkey'
const HELD: readonly Held[] = ['none', 'app', 'passkey']

const REASONS: Readonly<Record<Held, StopReason>> = {
  none: 'no-second-factor',
  app: 'app-not-allowed',
  passkey: 'passkey-not-allowed',
}

/** Enabled users by what they hold. The app of an externally inserted row counts before it is sealed. */
const HOLDS: Readonly<Record<Held, RawBuilder<SqlBool>>> = {
  none: sql`(users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and ${isEnabled()})`,
  app: sql`(users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null)
    and ${isEnabled()})`,
  passkey: sql`(users.passkey_at is not null and ${isEnabled()})`,
}

const HAS_APP = sql<SqlBool>`exists (
  select 1 from totp_factor where totp_factor.subject = users.subject and totp_factor.confirmed_at is not null)`
const IS_PRIVILEGED = sql<SqlBool>`(users.role = 'admin' or users.role in (select name from role where permissions <> ''))`
const ALWAYS = sql<SqlBool>`(1 = 1)`
const NEVER = sql<SqlBool>`(1 = 0)`

/** The users whom the policy concerns and whose account has not ended by then. */
function concernedUsers(users: SelectQueryBuilder<Schema, 'users', object>, asked: AskedPlan) {
  const {
    future: { at },
    keptAdmin,
    exemptUntil = at,
  } = asked
  // The end is compared as a number: an externally written text is greater than every number.
  const isKept = keptAdmin === undefined ? sql`` : sql`or users.id = ${keptAdmin}`
  return users
    .where(isConcernedByOne(populationOf(asked), exemptUntil))
    .where(sql<SqlBool>`(users.expires_at is null or cast(users.expires_at as bigint) > ${at} ${isKept})`)
}

/** The users whom the policy asks for anything: those who are exempt only where it still asks them for a second factor. */
function populationOf({ concern, asksExempt }: AskedPlan): Concern {
  return asksExempt ? { ...concern, id: null } : concern
}

function isStopped(asked: AskedPlan): RawBuilder<SqlBool> {
  return anyOf([isContradicted(asked), ...HELD.map((held) => isStoppedWith(held, asked))])
}

/** The users with this factor whom everything that is asked then stops; a policy that asks for no factor is only about who holds one that it forbids. */
function isStoppedWith(held: Held, asked: AskedPlan): RawBuilder<SqlBool> {
  const { demand, future } = asked
  const forbids = held === 'none' ? false : demand.forbidden.includes(held === 'app' ? 'totp' : 'passkey')
  return demand.asksForOne || forbids ? both(HOLDS[held], isLacking(held, future, populationOf(asked))) : NEVER
}

/**
 * Whether a user with this factor needs another one.
 * @param concern a policy that is known to concern the user, so that it is not asked again
 */
function isLacking(held: Held, demands: AllDemands, concern?: Concern): RawBuilder<SqlBool> {
  const { at, everyoneNeedsOne, askForOne, forbidApps, forbidPasskeys } = demands
  const oneOf = (concerns: readonly Concern[]): RawBuilder<SqlBool> =>
    concerns.some((one) => concern !== undefined && includes(one, concern)) ? ALWAYS : isConcerned(concerns, at)
  if (held === 'none') return everyoneNeedsOne ? ALWAYS : anyOf([IS_PRIVILEGED, oneOf(askForOne)])
  if (held === 'app') return forbidApps.length === 0 ? NEVER : oneOf(forbidApps)
  if (forbidPasskeys.length === 0) return NEVER
  const lacksApp = anyOf([sql`not ${HAS_APP}`, ...(forbidApps.length === 0 ? [] : [oneOf(forbidApps)])])
  return both(oneOf(forbidPasskeys), lacksApp)
}

/** Whether everyone whom one policy concerns is concerned by another one, which is the same or concerns exempt users too. */
function includes(one: Concern, concern: Concern): boolean {
  return isSameScope(one, concern) && (one.id === null || one.id === concern.id)
}

function isContradicted({ concern, contradicting, asksExempt, future: { at } }: AskedPlan): RawBuilder<SqlBool> {
  if (contradicting.length === 0) return NEVER
  const isContradictory = both(isEnabled(), isConcerned(contradicting, at))
  return asksExempt ? both(isContradictory, isConcernedByOne(concern, at)) : isContradictory
}

function reasonOf(asked: AskedPlan): RawBuilder<StopReason> {
  return sql<StopReason>`case when ${isContradicted(asked)} then 'no-factor-left'
    when users.passkey_at is not null then 'passkey-not-allowed'
    when users.second_factor_at is not null or users.otp_secret is not null then 'app-not-allowed'
    else 'no-second-factor' end`
}

function stateOf(asked: AskedPlan): RawBuilder<StopState> {
  const [none, app, passkey] = (['none', 'app', 'passkey'] as const).map((held) => stateWith(held, asked))
  return sql<StopState>`case when ${isContradicted(asked)} then 'stopped' when users.passkey_at is not null then ${passkey}
    when users.second_factor_at is not null or users.otp_secret is not null then ${app} else ${none} end`
}

/** A user without password and second factor enrols one through an invitation anyway. */
function stateWith(held: Held, { present }: AskedPlan): RawBuilder<StopState> {
  const joining = held === 'none' ? sql`when users.hashed_password is null then 'joining'` : sql``
  return sql<StopState>`case ${joining} when ${isLacking(held, present)} then 'already-stopped' else 'stopped' end`
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
  const found = await concernedUsers(db.selectFrom('users'), asked)
    .select('users.id')
    .where('users.role', 'in', [...roles])
    .where('users.subject', '!=', besides)
    .where(anyOf(HELD.map((held) => isStoppedWith(held, asked))))
    .where(stateOf(asked), '=', 'stopped')
    .limit(1)
    .execute()
  return found.length > 0
}
