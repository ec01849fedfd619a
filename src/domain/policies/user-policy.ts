// What the configuration and all stored policies together ask of one user.
import type { Instant } from '../../foundation/kernel/time.ts'
import { isWeaker, NO_TERMS, strictest, versionInForce } from './policy.ts'
import type { PolicyTerms, PolicyVersion, UserPolicy } from './policy.ts'
import type { PolicyScope } from './scope.ts'

/** The terms that the configuration can fix for everyone. */
export const LOCKABLE_TERMS = ['secondFactor', 'sessionIdle', 'sessionAbsolute', 'reauthentication'] as const
export type LockableTerm = (typeof LOCKABLE_TERMS)[number]

/** What the configuration says, by its values and by its defaults. */
export interface ConfiguredPolicy {
  readonly terms: UserPolicy
  /** The terms that are set explicitly. A policy for everyone replaces only the defaults of the others. */
  readonly locked: readonly LockableTerm[]
}

/**
 * Returns the terms in which a policy for everyone asks for less than the defaults of the configuration, whose place it takes. What the
 * configuration sets explicitly cannot be weakened.
 */
export function weakenedTerms({ terms, locked }: ConfiguredPolicy, wanted: PolicyTerms): LockableTerm[] {
  return LOCKABLE_TERMS.filter((term) => {
    if (wanted[term] === null || locked.includes(term)) return false
    return term === 'secondFactor'
      ? isWeaker(wanted.secondFactor ?? terms.secondFactor, terms.secondFactor)
      : (wanted[term] ?? 0) > terms[term]
  })
}

/** A version of a policy that concerns the user. */
export interface ConcerningVersion extends PolicyVersion {
  readonly scope: PolicyScope
  /** Until when the user is exempt from the policy; null without an exemption. */
  readonly exemptUntil: Instant | null
  /** Whether the help desk gave the exemption: it counts only while a version is in force that lets it. */
  readonly exemptByHelp: boolean
}

/**
 * Returns what all policies together ask of a user at `now`: the strictest of the versions in force. A policy for everyone takes the place of
 * the configuration's defaults.
 */
export function combinedPolicy(
  configured: ConfiguredPolicy,
  versions: readonly ConcerningVersion[],
  { hasPermissions, now }: { readonly hasPermissions: boolean; readonly now: Instant },
): UserPolicy {
  const applied = appliedPolicies(configured, versions, now)
  const forEveryone = applied.find(({ scope }) => scope === 'everyone')
  const floor = forEveryone ? floorOf(configured, forEveryone.terms) : configured.terms
  const terms = applied.map((one) => one.terms)
  return strictest(floor, terms, { hasPermissions })
}

/** What one policy in force asks of the user. */
interface AppliedPolicy {
  readonly scope: PolicyScope
  readonly terms: PolicyTerms
  /** Since when it asks for what it says of the second factor; null where that is the value of the configuration. */
  readonly since: Instant | null
}

/** Returns what each policy in force asks of the user. From one that exempts the user, only what holds for exempt users is left. */
export function appliedPolicies(
  configured: ConfiguredPolicy,
  versions: readonly ConcerningVersion[],
  now: Instant,
): AppliedPolicy[] {
  return Object.values(Object.groupBy(versions, ({ policyId }) => policyId)).flatMap((ofOne = []) => {
    const found = versionInForce(ofOne, now)
    const [about] = ofOne
    if (found === undefined || about === undefined) return []
    const { scope } = about
    if (!isExemptFrom(found, about, now)) return [{ scope, terms: found.terms, since: found.inForceFrom }]
    const { secondFactor, since } = whileExempt(configured, { scope, versions: ofOne }, now)
    return [{ scope, terms: { ...NO_TERMS, secondFactor }, since }]
  })
}

function isExemptFrom(
  { terms }: PolicyVersion,
  { exemptUntil, exemptByHelp }: Pick<ConcerningVersion, 'exemptUntil' | 'exemptByHelp'>,
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
): Pick<AppliedPolicy, 'since'> & Pick<PolicyTerms, 'secondFactor'> {
  const present = versionInForce(versions, now)
  const asked = present?.terms.secondFactor ?? null
  if (present === undefined || asked === null) return { secondFactor: null, since: null }
  const otherwise = scope === 'everyone' ? terms.secondFactor : 'optional'
  const earlier = versionsBefore(versions, present).map((version) => ({
    secondFactor: version.terms.secondFactor ?? otherwise,
    since: version.terms.secondFactor === null ? null : version.inForceFrom,
  }))
  const less = [...earlier, { secondFactor: otherwise, since: null }].find((one) => isWeaker(one.secondFactor, asked))
  return less ?? { secondFactor: asked, since: present.inForceFrom }
}

/** Returns the versions that were in force before this one, the latest first, back to an end of the policy. */
function versionsBefore(versions: readonly PolicyVersion[], { version, inForceFrom }: PolicyVersion): PolicyVersion[] {
  const earlier = versions
    .filter((one) => one.version < version && one.cancelledAt === null && one.inForceFrom <= inForceFrom)
    .toSorted((one, other) => other.version - one.version)
  const end = earlier.findIndex(({ isEnd }) => isEnd)
  return end === -1 ? earlier : earlier.slice(0, end)
}

/** Returns what the configuration asks for where a policy for everyone replaces its defaults. */
function floorOf({ terms, locked }: ConfiguredPolicy, everyone: PolicyTerms): UserPolicy {
  const said = <Term extends LockableTerm>(term: Term): UserPolicy[Term] =>
    locked.includes(term) ? terms[term] : ((everyone[term] ?? terms[term]) as UserPolicy[Term])
  return {
    ...terms,
    secondFactor: said('secondFactor'),
    sessionIdle: said('sessionIdle'),
    sessionAbsolute: said('sessionAbsolute'),
    reauthentication: said('reauthentication'),
  }
}
