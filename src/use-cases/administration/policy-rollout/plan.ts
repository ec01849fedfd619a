// The rules of a plan: what all policies together require at an instant, and how a policy would change it.
// Tested in test/attacks/policy-plan.test.ts.
import { whileExempt } from '#domain/policies/evaluation/applied-policies.ts'
import { effectivePolicy } from '#domain/policies/evaluation/effective-policy.ts'
import {
  contradict,
  type FactorRequirement,
  factorRequirementAt,
  factorRequirementOf,
  type FactorTerms,
} from '#domain/policies/evaluation/factor-requirement.ts'
import {
  type ConfiguredPolicy,
  NO_TERMS,
  type PolicyTerms,
  type PolicyVersion,
  type Requirement,
  versionInForce,
} from '#domain/policies/policy.ts'
import type { Scoped } from '#domain/policies/scope.ts'
import type { Instant } from '#foundation/kernel/time.ts'

/** A policy by its scope; with `id` null it applies to exempt users too, as no user is exempt from one that is not stored. */
export interface ScopedPolicy extends Scoped {
  readonly id: string | null
}

/** The same at an instant. */
export interface ScopedPolicyAt extends ScopedPolicy {
  /** Whether exemptions of the help desk count, as the version says that is in force then. */
  readonly countsHelp: boolean
}

export interface VersionedPolicy extends ScopedPolicy {
  readonly versions: readonly PolicyVersion[]
}

/** Why a user is stopped although they sign in with everything that they hold. */
export const STOP_REASONS = ['no-second-factor', 'app-not-allowed', 'passkey-not-allowed', 'no-factor-left'] as const
export type StopReason = (typeof STOP_REASONS)[number]

/** `joining`: without a password, so that an invitation leads to the enrolment anyway. */
export const STOP_STATES = ['stopped', 'already-stopped', 'joining'] as const
export type StopState = (typeof STOP_STATES)[number]

export interface AllRequirements {
  readonly at: Instant
  /** Whether the configuration requires a second factor of every user, and no policy for everyone replaces its default. */
  readonly everyoneNeedsOne: boolean
  /** The policies that require a second factor, some of exempt users too, and those that do not allow one. */
  readonly requireOne: readonly ScopedPolicyAt[]
  readonly forbidApps: readonly ScopedPolicyAt[]
  readonly forbidPasskeys: readonly ScopedPolicyAt[]
}

export type PlannedTerms = FactorTerms & Partial<Pick<PolicyTerms, 'helpersMayExempt'>>

/** A version that is only proposed: for which users, with which terms, and from when on. */
export interface ProposedVersion {
  readonly policy: Scoped
  readonly terms: PlannedTerms
  readonly at: Instant
}

/** The policy of a plan, of which one version is in force at an instant. */
export interface PlannedPolicy extends ProposedVersion {
  readonly policy: ScopedPolicy
}

export interface PlanQuestion {
  readonly policy: ScopedPolicyAt
  readonly requirement: FactorRequirement
  /** What is required of users who are exempt and to which no other policy of a role or group applies; null if this one requires no second factor. */
  readonly whileExempt: Requirement | null
  /** Whether the policy itself, in an earlier version, or the default of the configuration still requires one of them. */
  readonly requiresOfExempt: boolean
  /** What is required when the policy is in force, and what is required now. */
  readonly future: AllRequirements
  readonly current: AllRequirements
  /** The other policies that then leave a user to which both apply no allowed factor. */
  readonly contradicting: readonly ScopedPolicyAt[]
}

export function requirementsAt(
  policies: readonly VersionedPolicy[],
  configured: ConfiguredPolicy,
  at: Instant,
): AllRequirements {
  const { terms, locked } = configured
  const asked = policies.flatMap((policy) => {
    const requirement = factorRequirementAt(policy.versions, at)
    return requirement === undefined ? [] : [{ policy, requirement }]
  })
  const whose = (asks: (requirement: FactorRequirement) => boolean): ScopedPolicyAt[] =>
    asked.filter(({ requirement }) => asks(requirement)).map(({ policy }) => scopedPolicyAt(policy, at))
  const everyone = policies.find(({ scope }) => scope === 'everyone')
  const forEveryone = everyone && versionInForce(everyone.versions, at)
  const isDefault = !locked.includes('secondFactor') && (forEveryone?.terms.secondFactor ?? null) !== null
  return {
    at,
    everyoneNeedsOne: terms.secondFactor !== 'optional' && !isDefault,
    requireOne: asked
      .filter(({ requirement }) => requirement.requiresOne)
      .map(({ policy }) => ({
        ...scopedPolicyAt(policy, at),
        ...(requiresOfExemptUsers(policy, configured, at) && { id: null }),
      })),
    forbidApps: whose(({ forbidden }) => forbidden.includes('totp')),
    forbidPasskeys: whose(({ forbidden }) => forbidden.includes('passkey')),
  }
}

/** Whether a policy still requires a second factor of users who are exempt from it. It then requires one of each user in its scope. */
function requiresOfExemptUsers(policy: VersionedPolicy, configured: ConfiguredPolicy, at: Instant): boolean {
  const { secondFactor } = whileExempt(configured, policy, at)
  return secondFactor !== null && secondFactor !== 'optional'
}

/** What is required of a user who is exempt from the policy and to which besides it only the one for everyone applies. */
function requirementWhileExempt(
  policy: VersionedPolicy,
  policies: readonly VersionedPolicy[],
  { configured, at }: { readonly configured: ConfiguredPolicy; readonly at: Instant },
): Requirement | null {
  if (factorRequirementAt(policy.versions, at)?.requiresOne !== true) return null
  const applicable = [policy, ...policies.filter((other) => other.scope === 'everyone' && !isSameScope(other, policy))]
  const versions = applicable.flatMap((one) =>
    one.versions.map((version) => {
      const exemptUntil = one === policy ? Number.MAX_SAFE_INTEGER : null
      return { ...version, policyId: one.scope, scope: one.scope, exemptUntil, exemptByHelp: false }
    }),
  )
  return effectivePolicy(configured, versions, { hasPermissions: false, now: at }).terms.secondFactor
}

/** Returns the question of a plan: the other policies as they are stored, and this one with these terms from that instant on. */
export function planQuestion(
  { policy, terms, at }: PlannedPolicy,
  policies: readonly VersionedPolicy[],
  configured: ConfiguredPolicy,
  now: Instant,
): PlanQuestion {
  const requirement = factorRequirementOf(terms)
  const others = policies.filter((other) => !isSameScope(other, policy))
  const earlier = policies.find((other) => isSameScope(other, policy))?.versions ?? []
  const number = Math.max(0, ...earlier.map((version) => version.version)) + 1
  const version = { policyId: '', version: number, isEnd: false, inForceFrom: at, cancelledAt: null }
  const planned = { ...policy, versions: [...earlier, { ...version, terms: { ...NO_TERMS, ...terms } }] }
  const contradicting = others.filter(({ versions }) => {
    const other = factorRequirementAt(versions, at)
    return other !== undefined && contradict(requirement, other)
  })
  return {
    policy: scopedPolicyAt(planned, at),
    requirement,
    whileExempt: requirementWhileExempt(planned, others, { configured, at }),
    requiresOfExempt: requiresOfExemptUsers(planned, configured, at),
    future: requirementsAt([...others, planned], configured, at),
    current: requirementsAt(policies, configured, now),
    contradicting: contradicting.map((other) => scopedPolicyAt(other, at)),
  }
}

/** Whether both are for everyone, the same role or the same group: there is at most one policy for each. */
export function isSameScope(one: Scoped, other: Scoped): boolean {
  return one.scope === other.scope && one.scopeRef === other.scopeRef
}

function scopedPolicyAt({ id, scope, scopeRef, versions }: VersionedPolicy, at: Instant): ScopedPolicyAt {
  return { id, scope, scopeRef, countsHelp: versionInForce(versions, at)?.terms.helpersMayExempt === true }
}
