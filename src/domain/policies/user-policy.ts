// What the configuration and all stored policies together ask of one user.
import type { Instant } from '../../foundation/kernel/time.ts'
import { strictest, versionInForce } from './policy.ts'
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

/** A version of a policy that concerns the user. */
export interface ConcerningVersion extends PolicyVersion {
  readonly scope: PolicyScope
  /** Until when the policy does not apply to the user; null without an exemption. */
  readonly exemptUntil: Instant | null
}

/**
 * Returns what all policies together ask of a user at `now`: the strictest of the versions in force. A policy for everyone takes the place of
 * the configuration's defaults, so a user who is exempt from it needs no second factor unless the configuration or another policy asks for
 * one; otherwise the default, which requires it, would make the exemption void.
 */
export function combinedPolicy(
  configured: ConfiguredPolicy,
  versions: readonly ConcerningVersion[],
  { hasPermissions, now }: { readonly hasPermissions: boolean; readonly now: Instant },
): UserPolicy {
  const inForce = Object.values(Object.groupBy(versions, ({ policyId }) => policyId)).flatMap((ofOne) => {
    const found = ofOne && versionInForce(ofOne, now)
    return found === undefined ? [] : [{ ...found, ...about(ofOne), terms: found.terms }]
  })
  const applied = inForce.filter(({ exemptUntil }) => exemptUntil === null || exemptUntil <= now)
  const terms = applied.map((version) => version.terms)
  const forEveryone = inForce.find(({ scope }) => scope === 'everyone')
  const floor = forEveryone
    ? floorOf(configured, forEveryone.terms, { isExempt: !applied.includes(forEveryone) })
    : configured.terms
  return strictest(floor, terms, { hasPermissions })
}

function about(versions: readonly ConcerningVersion[] = []): Pick<ConcerningVersion, 'scope' | 'exemptUntil'> {
  const [{ scope, exemptUntil } = { scope: 'everyone' as const, exemptUntil: null }] = versions
  return { scope, exemptUntil }
}

/** Returns what the configuration asks for where a policy for everyone replaces its defaults. */
function floorOf(
  { terms, locked }: ConfiguredPolicy,
  everyone: PolicyTerms,
  { isExempt }: { readonly isExempt: boolean },
): UserPolicy {
  const free = (term: LockableTerm): boolean => !locked.includes(term) && everyone[term] !== null
  const lifetime = (term: Exclude<LockableTerm, 'secondFactor'>) =>
    free(term) && !isExempt ? (everyone[term] ?? terms[term]) : terms[term]
  const secondFactor = isExempt ? 'optional' : (everyone.secondFactor ?? terms.secondFactor)
  return {
    ...terms,
    secondFactor: free('secondFactor') ? secondFactor : terms.secondFactor,
    sessionIdle: lifetime('sessionIdle'),
    sessionAbsolute: lifetime('sessionAbsolute'),
    reauthentication: lifetime('reauthentication'),
  }
}
