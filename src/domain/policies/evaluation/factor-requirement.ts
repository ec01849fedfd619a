// What one policy requires of the second factors that a user holds. The plan of a policy, its reminders and its progress follow from this.
// Tested in test/attacks/policy-plan.test.ts.
import type { Instant } from '#foundation/kernel/time.ts'
import {
  ALLOWABLE_FACTORS,
  type AllowableFactor,
  type PolicyTerms,
  type PolicyVersion,
  versionInForce,
} from '../policy.ts'

export interface FactorRequirement {
  /** Whether each user in the scope of the policy needs a second factor. */
  readonly requiresOne: boolean
  /** The second factors that are not allowed. */
  readonly forbidden: readonly AllowableFactor[]
}

/** The terms that can stop a user. */
export type FactorTerms = Pick<PolicyTerms, 'secondFactor' | 'factors'>

/** Returns what the terms require. Under phishing-resistant only, an authenticator app is not allowed. */
export function factorRequirementOf({ secondFactor, factors }: FactorTerms): FactorRequirement {
  const isAllowed = (factor: AllowableFactor): boolean =>
    (factors === null || factors.includes(factor)) && (factor === 'passkey' || secondFactor !== 'phishing-resistant')
  return {
    requiresOne: secondFactor === 'required' || secondFactor === 'phishing-resistant',
    forbidden: ALLOWABLE_FACTORS.filter((factor) => !isAllowed(factor)),
  }
}

/** Whether the requirement can stop any user at all. */
export function canStop({ requiresOne, forbidden }: FactorRequirement): boolean {
  return requiresOne || forbidden.length > 0
}

/** Whether two requirements together leave no allowed second factor. */
export function contradict(one: FactorRequirement, other: FactorRequirement): boolean {
  return ALLOWABLE_FACTORS.every((factor) => one.forbidden.includes(factor) || other.forbidden.includes(factor))
}

/** Returns what a policy requires at an instant: nothing before its first version and after its end. */
export function factorRequirementAt(versions: readonly PolicyVersion[], at: Instant): FactorRequirement | undefined {
  const version = versionInForce(versions, at)
  return version && factorRequirementOf(version.terms)
}
