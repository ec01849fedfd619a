// What one policy asks of the second factors that a user holds. The plan of a policy, its reminders and its progress follow from this.
// Tested in test/attacks/policy-plan.test.ts.
import type { Instant } from '#foundation/kernel/time.ts'
import {
  ALLOWABLE_FACTORS,
  type AllowableFactor,
  type PolicyTerms,
  type PolicyVersion,
  versionInForce,
} from '../policy.ts'

export interface Demand {
  /** Whether everyone whom the policy concerns needs a second factor. */
  readonly asksForOne: boolean
  /** The second factors that are not allowed. */
  readonly forbidden: readonly AllowableFactor[]
}

/** The terms that can stop a user. */
export type FactorTerms = Pick<PolicyTerms, 'secondFactor' | 'factors'>

/** Returns what the terms ask for. Under phishing-resistant only, an authenticator app is not allowed. */
export function demandOf({ secondFactor, factors }: FactorTerms): Demand {
  const isAllowed = (factor: AllowableFactor): boolean =>
    (factors === null || factors.includes(factor)) && (factor === 'passkey' || secondFactor !== 'phishing-resistant')
  return {
    asksForOne: secondFactor === 'required' || secondFactor === 'phishing-resistant',
    forbidden: ALLOWABLE_FACTORS.filter((factor) => !isAllowed(factor)),
  }
}

/** Whether the demand can stop any user at all. */
export function isDemanding({ asksForOne, forbidden }: Demand): boolean {
  return asksForOne || forbidden.length > 0
}

/** Whether two demands together leave no allowed second factor. */
export function contradict(one: Demand, other: Demand): boolean {
  return ALLOWABLE_FACTORS.every((factor) => one.forbidden.includes(factor) || other.forbidden.includes(factor))
}

/** Returns the next version that is not yet in force; undefined if none is planned. */
export function nextVersion<Version extends PolicyVersion>(
  versions: readonly Version[],
  now: Instant,
): Version | undefined {
  const planned = versions.filter(({ inForceFrom, cancelledAt }) => inForceFrom > now && cancelledAt === null)
  return planned.toSorted((one, other) => one.inForceFrom - other.inForceFrom || other.version - one.version)[0]
}

/** Returns what a policy asks at an instant: nothing before its first version and after its end. */
export function demandAt(versions: readonly PolicyVersion[], at: Instant): Demand | undefined {
  const version = versionInForce(versions, at)
  return version && demandOf(version.terms)
}
