// What each policy that applies to a user requires. `effective-policy.ts` combines them.
import type { Instant } from '#foundation/kernel/time.ts'
import {
  type ApplicableVersion,
  type ConfiguredPolicy,
  isWeaker,
  NO_TERMS,
  type PolicyTerms,
  type PolicyVersion,
  versionInForce,
} from '../policy.ts'
import { POLICY_SCOPES, type PolicyScope } from '../scope.ts'

/** What one policy in force asks of the user. */
export interface AppliedPolicy {
  readonly policyId: string
  readonly scope: PolicyScope
  /** The version that says it: the one in force, or the earlier one that an exempt user falls back to; null where the configuration does. */
  readonly version: number | null
  readonly terms: PolicyTerms
  /** Since when it asks for what it says of the second factor; null where that is the value of the configuration. */
  readonly since: Instant | null
  /** Until when the user is exempt from it; null where its terms apply. */
  readonly exemptUntil: Instant | null
}

/**
 * Returns what each policy in force asks of the user: that for everyone first, then that of the role, then those of groups by their ids. From one
 * that exempts the user, only what holds for exempt users is left.
 */
export function appliedPolicies(
  configured: ConfiguredPolicy,
  versions: readonly ApplicableVersion[],
  now: Instant,
): AppliedPolicy[] {
  const applied = Object.values(Object.groupBy(versions, ({ policyId }) => policyId)).flatMap((ofOne = []) => {
    const found = versionInForce(ofOne, now)
    // Scope and exemption are those of the policy, the same in each of its versions.
    const [about] = ofOne
    if (found === undefined || about === undefined) return []
    const { policyId, scope, exemptUntil } = about
    const { terms, version, inForceFrom } = found
    if (!isExemptFrom(found, about, now))
      return [{ policyId, scope, version, terms, since: inForceFrom, exemptUntil: null }]
    const { secondFactor, ...meanwhile } = whileExempt(configured, { scope, versions: ofOne }, now)
    return [{ policyId, scope, terms: { ...NO_TERMS, secondFactor }, exemptUntil, ...meanwhile }]
  })
  return applied.toSorted(inOrder)
}

function inOrder(one: AppliedPolicy, other: AppliedPolicy): number {
  const byScope = POLICY_SCOPES.indexOf(one.scope) - POLICY_SCOPES.indexOf(other.scope)
  return byScope || (one.policyId < other.policyId ? -1 : 1)
}

function isExemptFrom(
  { terms }: PolicyVersion,
  { exemptUntil, exemptByHelp }: Pick<ApplicableVersion, 'exemptUntil' | 'exemptByHelp'>,
  now: Instant,
): boolean {
  return exemptUntil !== null && exemptUntil > now && (!exemptByHelp || terms.helpersMayExempt)
}

/**
 * Returns what a policy asks of the second factor of a user who is exempt from it: what held before the requirement. That is what the last
 * earlier version said that asked for less, since the policy began or was begun again; otherwise, for a policy for everyone, what the
 * configuration says, its default included, and nothing for one of a role or group. An exemption never asks for more than the policy.
 */
export function whileExempt(
  { terms }: ConfiguredPolicy,
  { scope, versions }: { readonly scope: PolicyScope; readonly versions: readonly PolicyVersion[] },
  now: Instant,
): Pick<AppliedPolicy, 'since' | 'version'> & Pick<PolicyTerms, 'secondFactor'> {
  const current = versionInForce(versions, now)
  const asked = current?.terms.secondFactor ?? null
  if (current === undefined || asked === null) return { secondFactor: null, since: null, version: null }
  const otherwise = scope === 'everyone' ? terms.secondFactor : 'optional'
  const unsaid = { secondFactor: otherwise, since: null, version: null }
  const earlier = versionsBefore(versions, current).map(({ terms: { secondFactor }, inForceFrom: since, version }) =>
    secondFactor === null ? unsaid : { secondFactor, since, version },
  )
  const less = [...earlier, unsaid].find((one) => isWeaker(one.secondFactor, asked))
  return less ?? { secondFactor: asked, since: current.inForceFrom, version: current.version }
}

/** Returns the versions that were in force before this one, the latest first, back to an end of the policy. */
function versionsBefore(versions: readonly PolicyVersion[], { version, inForceFrom }: PolicyVersion): PolicyVersion[] {
  const earlier = versions
    .filter((one) => one.version < version && one.cancelledAt === null && one.inForceFrom <= inForceFrom)
    .toSorted((one, other) => other.version - one.version)
  const end = earlier.findIndex(({ isEnd }) => isEnd)
  return end === -1 ? earlier : earlier.slice(0, end)
}
