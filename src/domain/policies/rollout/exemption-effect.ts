// What is required of a user while an exemption lasts, and whether the exemption changes anything.
import type { Instant } from '#foundation/kernel/time.ts'
import { effectivePolicy, STRICTER } from '../evaluation/effective-policy.ts'
import {
  type ApplicableVersion,
  type ConfiguredPolicy,
  DURATION_TERMS,
  isWeaker,
  type Requirement,
  type UserPolicy,
} from '../policy.ts'

interface Span {
  readonly hasPermissions: boolean
  readonly now: Instant
  /** The end of the exemption. */
  readonly until: Instant
}

/** Returns the most that all policies together require of the second factor of a user from now until the end. */
export function requirementUntil(
  configured: ConfiguredPolicy,
  versions: readonly ApplicableVersion[],
  span: Span,
): Requirement {
  return instantsIn(versions, span)
    .map((now) => effectivePolicy(configured, versions, { ...span, now }).terms.secondFactor)
    .reduce((most, one) => (isWeaker(most, one) ? one : most))
}

/** Whether less is ever required of the user until the end because of the exemption from this policy. */
export function isOfUse(
  configured: ConfiguredPolicy,
  versions: readonly ApplicableVersion[],
  { policyId, ...span }: Span & { readonly policyId: string },
): boolean {
  const asked = (exemptUntil: Instant | null, now: Instant): UserPolicy => {
    const evaluated = versions.map((version) => (version.policyId === policyId ? { ...version, exemptUntil } : version))
    return effectivePolicy(configured, evaluated, { ...span, now }).terms
  }
  return instantsIn(versions, span).some((now) => requiresLess(asked(span.until, now), asked(null, now)))
}

/** Now and each later instant before the end at which something else may be required, by what is stored. */
function instantsIn(versions: readonly ApplicableVersion[], { now, until }: Span): Instant[] {
  const changes = versions.flatMap(({ inForceFrom, exemptUntil }) => [inForceFrom, exemptUntil ?? now])
  return [now, ...changes.filter((at) => at > now && at < until)]
}

function requiresLess(one: UserPolicy, other: UserPolicy): boolean {
  return (
    isWeaker(one.secondFactor, other.secondFactor) ||
    one.factors.length > other.factors.length ||
    DURATION_TERMS.some((name) => STRICTER[name](one[name], other[name]) !== one[name])
  )
}
