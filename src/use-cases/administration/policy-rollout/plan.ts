// The rules of a plan: what all policies together ask at an instant, and how a policy would change it.
// Tested in test/attacks/policy-plan.test.ts.
import { contradict, type Demand, demandAt, demandOf, type FactorTerms } from '#domain/policies/demand.ts'
import { effectivePolicy } from '#domain/policies/effective-policy.ts'
import {
  NO_TERMS,
  type PolicyTerms,
  type PolicyVersion,
  type Requirement,
  versionInForce,
} from '#domain/policies/policy.ts'
import type { PolicyScope } from '#domain/policies/scope.ts'
import { type ConfiguredPolicy, whileExempt } from '#domain/policies/user-policy.ts'
import type { Instant } from '#foundation/kernel/time.ts'

/** Whom a policy concerns; with `id` null also who is exempt from it, as no user is from one that is not stored. */
export interface Concern {
  readonly id: string | null
  readonly scope: PolicyScope
  /** The name of the role or the id of the group; null for everyone. */
  readonly scopeRef: string | null
}

/** The same at an instant. */
export interface ConcernThen extends Concern {
  /** Whether exemptions of the help desk count, as the version says that is in force then. */
  readonly countsHelp: boolean
}

/** A policy with its versions. */
export interface VersionedPolicy extends Concern {
  readonly versions: readonly PolicyVersion[]
}

/** Why a user is stopped although they sign in with everything that they hold. */
export const STOP_REASONS = ['no-second-factor', 'app-not-allowed', 'passkey-not-allowed', 'no-factor-left'] as const
export type StopReason = (typeof STOP_REASONS)[number]

/** `joining`: without a password, so that an invitation leads to the enrolment anyway. */
export const STOP_STATES = ['stopped', 'already-stopped', 'joining'] as const
export type StopState = (typeof STOP_STATES)[number]

/** What all policies together ask at an instant. */
export interface AllDemands {
  readonly at: Instant
  /** Whether the configuration asks every user for a second factor, and no policy for everyone takes the place of its default. */
  readonly everyoneNeedsOne: boolean
  /** The policies that ask for a second factor, some of exempt users too, and those that do not allow one. */
  readonly askForOne: readonly ConcernThen[]
  readonly forbidApps: readonly ConcernThen[]
  readonly forbidPasskeys: readonly ConcernThen[]
}

export type PlannedTerms = FactorTerms & Partial<Pick<PolicyTerms, 'helpersMayExempt'>>

/** What a plan is asked about: a policy of which one version is in force at an instant. */
export interface PlannedPolicy {
  readonly concern: Concern
  readonly terms: PlannedTerms
  readonly at: Instant
}

export interface PlanQuestion {
  readonly concern: ConcernThen
  readonly demand: Demand
  /** What is asked of users who are exempt and whom no other policy of a role or group concerns; null if this one asks for no second factor. */
  readonly whileExempt: Requirement | null
  /** Whether the policy itself, in an earlier version, or the default of the configuration still asks them for one. */
  readonly asksExempt: boolean
  /** What is asked when the policy is in force, and what is asked now. */
  readonly future: AllDemands
  readonly present: AllDemands
  /** The other policies that then leave a user whom both concern no allowed factor. */
  readonly contradicting: readonly ConcernThen[]
}

/** Returns what the configuration and all policies together ask at an instant. */
function demandsAt(policies: readonly VersionedPolicy[], configured: ConfiguredPolicy, at: Instant): AllDemands {
  const { terms, locked } = configured
  const asked = policies.flatMap((policy) => {
    const demand = demandAt(policy.versions, at)
    return demand === undefined ? [] : [{ policy, demand }]
  })
  const whose = (asks: (demand: Demand) => boolean): ConcernThen[] =>
    asked.filter(({ demand }) => asks(demand)).map(({ policy }) => concernThen(policy, at))
  const everyone = policies.find(({ scope }) => scope === 'everyone')
  const forEveryone = everyone && versionInForce(everyone.versions, at)
  const isDefault = !locked.includes('secondFactor') && (forEveryone?.terms.secondFactor ?? null) !== null
  return {
    at,
    everyoneNeedsOne: terms.secondFactor !== 'optional' && !isDefault,
    askForOne: asked
      .filter(({ demand }) => demand.asksForOne)
      .map(({ policy }) => ({
        ...concernThen(policy, at),
        ...(asksExemptUsers(policy, configured, at) && { id: null }),
      })),
    forbidApps: whose(({ forbidden }) => forbidden.includes('totp')),
    forbidPasskeys: whose(({ forbidden }) => forbidden.includes('passkey')),
  }
}

/** Whether a policy still asks users for a second factor who are exempt from it. It then asks all whom it concerns for one. */
function asksExemptUsers(policy: VersionedPolicy, configured: ConfiguredPolicy, at: Instant): boolean {
  const { secondFactor } = whileExempt(configured, policy, at)
  return secondFactor !== null && secondFactor !== 'optional'
}

/** What is asked of a user who is exempt from the policy and whom besides it only the one for everyone concerns. */
function askedOfExempt(
  policy: VersionedPolicy,
  policies: readonly VersionedPolicy[],
  { configured, at }: { readonly configured: ConfiguredPolicy; readonly at: Instant },
): Requirement | null {
  if (demandAt(policy.versions, at)?.asksForOne !== true) return null
  const concerning = [policy, ...policies.filter((other) => other.scope === 'everyone' && !isSameScope(other, policy))]
  const versions = concerning.flatMap((one) =>
    one.versions.map((version) => {
      const exemptUntil = one === policy ? Number.MAX_SAFE_INTEGER : null
      return { ...version, policyId: one.scope, scope: one.scope, exemptUntil, exemptByHelp: false }
    }),
  )
  return effectivePolicy(configured, versions, { hasPermissions: false, now: at }).terms.secondFactor
}

/** Returns the question of a plan: the other policies as they are stored, and this one with these terms from that instant on. */
export function planQuestion(
  { concern, terms, at }: PlannedPolicy,
  policies: readonly VersionedPolicy[],
  configured: ConfiguredPolicy,
  now: Instant,
): PlanQuestion {
  const demand = demandOf(terms)
  const others = policies.filter((policy) => !isSameScope(policy, concern))
  const earlier = policies.find((policy) => isSameScope(policy, concern))?.versions ?? []
  const number = Math.max(0, ...earlier.map((version) => version.version)) + 1
  const version = { policyId: '', version: number, isEnd: false, inForceFrom: at, cancelledAt: null }
  const planned = { ...concern, versions: [...earlier, { ...version, terms: { ...NO_TERMS, ...terms } }] }
  const contradicting = others.filter(({ versions }) => {
    const other = demandAt(versions, at)
    return other !== undefined && contradict(demand, other)
  })
  return {
    concern: concernThen(planned, at),
    demand,
    whileExempt: askedOfExempt(planned, others, { configured, at }),
    asksExempt: asksExemptUsers(planned, configured, at),
    future: demandsAt([...others, planned], configured, at),
    present: demandsAt(policies, configured, now),
    contradicting: contradicting.map((other) => concernThen(other, at)),
  }
}

/** Whether both concern everyone, the same role or the same group: there is at most one policy for each. */
export function isSameScope(one: Concern, other: Concern): boolean {
  return one.scope === other.scope && one.scopeRef === other.scopeRef
}

function concernThen({ id, scope, scopeRef, versions }: VersionedPolicy, at: Instant): ConcernThen {
  return { id, scope, scopeRef, countsHelp: versionInForce(versions, at)?.terms.helpersMayExempt === true }
}
