// Whom a policy stops, as conditions in SQL of the few policies: what is asked then, and what a user holds.
import { type RawBuilder, type SelectQueryBuilder, sql, type SqlBool } from 'kysely'

import { isEnabled } from '#domain/users/user.queries.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import type { Schema } from '#foundation/platform/database/schema.ts'
import { anyOf, both, isConcerned, isConcernedByOne } from './concerned.view.ts'
import {
  type AllDemands,
  type ConcernThen,
  isSameScope,
  type PlanQuestion,
  type StopReason,
  type StopState,
} from './plan.ts'

export interface AskedPlan extends PlanQuestion {
  /** The admin who is not shut out although their account has ended by then; undefined if there is none. */
  readonly keptAdmin: number | undefined
  /** An exemption from the policy that ends before this instant does not count; the instant of the plan if left out. */
  readonly exemptUntil?: Instant
}

/** What a user holds. A passkey may stand beside an app. */
export type Held = 'none' | 'app' | 'passkey'
export const HELD: readonly Held[] = ['none', 'app', 'passkey']

export const REASONS: Readonly<Record<Held, StopReason>> = {
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
export const IS_PRIVILEGED = sql<SqlBool>`(users.role = 'admin' or users.role in (select name from role where permissions <> ''))`
export const ALWAYS = sql<SqlBool>`(1 = 1)`
export const NEVER = sql<SqlBool>`(1 = 0)`

/** The users whom the policy concerns and whose account has not ended by then. */
export function concernedUsers(users: SelectQueryBuilder<Schema, 'users', object>, asked: AskedPlan) {
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
function populationOf({ concern, asksExempt }: AskedPlan): ConcernThen {
  return asksExempt ? { ...concern, id: null } : concern
}

export function isStopped(asked: AskedPlan): RawBuilder<SqlBool> {
  return anyOf([isContradicted(asked), ...HELD.map((held) => isStoppedWith(held, asked))])
}

/** The users with this factor whom everything that is asked then stops; a policy that asks for no factor is only about who holds one that it forbids. */
export function isStoppedWith(held: Held, asked: AskedPlan): RawBuilder<SqlBool> {
  const { demand, future, exemptUntil = future.at } = asked
  const forbids = held === 'none' ? false : demand.forbidden.includes(held === 'app' ? 'totp' : 'passkey')
  const planned = { concern: populationOf(asked), exemptUntil }
  return demand.asksForOne || forbids ? both(HOLDS[held], isLacking(held, future, planned)) : NEVER
}

interface Planned {
  readonly concern: ConcernThen
  /** See `AskedPlan`. */
  readonly exemptUntil: Instant
}

/**
 * Whether a user with this factor needs another one.
 * @param planned the policy of the plan, which is known to concern the user, so that it is not asked again
 */
export function isLacking(held: Held, demands: AllDemands, planned?: Planned): RawBuilder<SqlBool> {
  const { at, everyoneNeedsOne, askForOne, forbidApps, forbidPasskeys } = demands
  const oneOf = (concerns: readonly ConcernThen[]): RawBuilder<SqlBool> => {
    if (planned === undefined) return isConcerned(concerns, at)
    const { concern, exemptUntil } = planned
    if (concerns.some((one) => includes(one, concern))) return ALWAYS
    // With a population that holds exempt users too, what the policy asks of the others is still asked of those alone.
    const own = concerns.filter((one) => isSameScope(one, concern))
    if (own.length === 0) return isConcerned(concerns, at)
    const others = concerns.filter((one) => !isSameScope(one, concern))
    return anyOf([...own.map((one) => isConcernedByOne(one, exemptUntil)), isConcerned(others, at)])
  }
  if (held === 'none') return everyoneNeedsOne ? ALWAYS : anyOf([IS_PRIVILEGED, oneOf(askForOne)])
  if (held === 'app') return forbidApps.length === 0 ? NEVER : oneOf(forbidApps)
  if (forbidPasskeys.length === 0) return NEVER
  const lacksApp = anyOf([sql`not ${HAS_APP}`, ...(forbidApps.length === 0 ? [] : [oneOf(forbidApps)])])
  return both(oneOf(forbidPasskeys), lacksApp)
}

/** Whether everyone whom one policy concerns is concerned by another one, which is the same or concerns exempt users too. */
function includes(one: ConcernThen, concern: ConcernThen): boolean {
  return isSameScope(one, concern) && (one.id === null || one.id === concern.id)
}

export function isContradicted({ concern, contradicting, asksExempt, future: { at } }: AskedPlan): RawBuilder<SqlBool> {
  if (contradicting.length === 0) return NEVER
  const isContradictory = both(isEnabled(), isConcerned(contradicting, at))
  return asksExempt ? both(isContradictory, isConcernedByOne(concern, at)) : isContradictory
}

export function reasonOf(asked: AskedPlan): RawBuilder<StopReason> {
  return sql<StopReason>`case when ${isContradicted(asked)} then 'no-factor-left'
    when users.passkey_at is not null then 'passkey-not-allowed'
    when users.second_factor_at is not null or users.otp_secret is not null then 'app-not-allowed'
    else 'no-second-factor' end`
}

export function stateOf(asked: AskedPlan): RawBuilder<StopState> {
  const [none, app, passkey] = (['none', 'app', 'passkey'] as const).map((held) => stateWith(held, asked))
  return sql<StopState>`case when ${isContradicted(asked)} then 'stopped' when users.passkey_at is not null then ${passkey}
    when users.second_factor_at is not null or users.otp_secret is not null then ${app} else ${none} end`
}

/** A user without password and second factor enrols one through an invitation anyway. */
function stateWith(held: Held, { present }: AskedPlan): RawBuilder<StopState> {
  const joining = held === 'none' ? sql`when users.hashed_password is null then 'joining'` : sql``
  return sql<StopState>`case ${joining} when ${isLacking(held, present)} then 'already-stopped' else 'stopped' end`
}
