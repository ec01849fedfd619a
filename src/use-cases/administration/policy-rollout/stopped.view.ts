// The users that a policy stops, as conditions in SQL of the few policies: what is required then, and what a user holds.
import { type RawBuilder, type SelectQueryBuilder, sql, type SqlBool } from 'kysely'

import { isEnabled } from '#domain/users/user.queries.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import type { Schema } from '#foundation/platform/database/schema.ts'
import { anyOf, anyPolicyApplies, both, policyApplies } from './applicable.view.ts'
import {
  type AllRequirements,
  isSameScope,
  type PlanQuestion,
  type ScopedPolicyAt,
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
export const HOLDS: Readonly<Record<Held, RawBuilder<SqlBool>>> = {
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

/** The users to which the policy applies and whose account has not ended by then. */
export function usersOfPlan(users: SelectQueryBuilder<Schema, 'users', object>, asked: AskedPlan) {
  const {
    future: { at },
    keptAdmin,
    exemptUntil = at,
  } = asked
  return users.where(policyApplies(populationOf(asked), exemptUntil)).where(hasNotEnded(at, keptAdmin))
}

/** The users whose account has not ended by then, and the admin who can still sign in after the end. */
export function hasNotEnded(at: Instant, keptAdmin: number | undefined): RawBuilder<SqlBool> {
  // The end is compared as a number: an externally written text is greater than every number.
  const isKept = keptAdmin === undefined ? sql`` : sql`or users.id = ${keptAdmin}`
  return sql<SqlBool>`(users.expires_at is null or cast(users.expires_at as bigint) > ${at} ${isKept})`
}

/** The users of which the policy requires anything: those who are exempt only where it still requires a second factor of them. */
function populationOf({ policy, requiresOfExempt }: AskedPlan): ScopedPolicyAt {
  return requiresOfExempt ? { ...policy, id: null } : policy
}

export function isStopped(asked: AskedPlan): RawBuilder<SqlBool> {
  return anyOf([isContradicted(asked), ...HELD.map((held) => isStoppedWith(held, asked))])
}

/** The users with this factor that everything that is required then stops; a policy that requires no factor stops only users with one that it forbids. */
export function isStoppedWith(held: Held, asked: AskedPlan): RawBuilder<SqlBool> {
  const { requirement, future, exemptUntil = future.at } = asked
  const forbids = held === 'none' ? false : requirement.forbidden.includes(held === 'app' ? 'totp' : 'passkey')
  const planned = { policy: populationOf(asked), exemptUntil }
  return requirement.requiresOne || forbids ? both(HOLDS[held], isLacking(held, future, planned)) : NEVER
}

interface Planned {
  readonly policy: ScopedPolicyAt
  /** See `AskedPlan`. */
  readonly exemptUntil: Instant
}

/**
 * Whether a user with this factor needs another one.
 * @param planned the policy of the plan, which is known to apply to the user, so that no condition repeats it
 */
export function isLacking(held: Held, requirements: AllRequirements, planned?: Planned): RawBuilder<SqlBool> {
  const { at, everyoneNeedsOne, requireOne, forbidApps, forbidPasskeys } = requirements
  const oneOf = (policies: readonly ScopedPolicyAt[]): RawBuilder<SqlBool> => {
    if (planned === undefined) return anyPolicyApplies(policies, at)
    const { policy, exemptUntil } = planned
    if (policies.some((one) => includes(one, policy))) return ALWAYS
    // With a population that holds exempt users too, what the policy requires of the others is still required of those alone.
    const own = policies.filter((one) => isSameScope(one, policy))
    if (own.length === 0) return anyPolicyApplies(policies, at)
    const others = policies.filter((one) => !isSameScope(one, policy))
    return anyOf([...own.map((one) => policyApplies(one, exemptUntil)), anyPolicyApplies(others, at)])
  }
  if (held === 'none') return everyoneNeedsOne ? ALWAYS : anyOf([IS_PRIVILEGED, oneOf(requireOne)])
  if (held === 'app') return forbidApps.length === 0 ? NEVER : oneOf(forbidApps)
  if (forbidPasskeys.length === 0) return NEVER
  const lacksApp = anyOf([sql`not ${HAS_APP}`, ...(forbidApps.length === 0 ? [] : [oneOf(forbidApps)])])
  return both(oneOf(forbidPasskeys), lacksApp)
}

/** Whether another policy applies to each user of this one: it is the same, or applies to exempt users too. */
function includes(one: ScopedPolicyAt, policy: ScopedPolicyAt): boolean {
  return isSameScope(one, policy) && (one.id === null || one.id === policy.id)
}

export function isContradicted({
  policy,
  contradicting,
  requiresOfExempt,
  future: { at },
}: AskedPlan): RawBuilder<SqlBool> {
  if (contradicting.length === 0) return NEVER
  const isContradictory = both(isEnabled(), anyPolicyApplies(contradicting, at))
  return requiresOfExempt ? both(isContradictory, policyApplies(policy, at)) : isContradictory
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
function stateWith(held: Held, { current }: AskedPlan): RawBuilder<StopState> {
  const joining = held === 'none' ? sql`when users.hashed_password is null then 'joining'` : sql``
  return sql<StopState>`case ${joining} when ${isLacking(held, current)} then 'already-stopped' else 'stopped' end`
}
