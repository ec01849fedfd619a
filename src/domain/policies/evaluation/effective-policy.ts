// The effective policy of a user: the strictest value of each term, and what decided it.
import type { Instant } from '#foundation/kernel/time.ts'
import {
  type ApplicableVersion,
  type ConfiguredPolicy,
  eachDuration,
  isWeaker,
  NO_TERMS,
  type Term,
  type UserPolicy,
} from '../policy.ts'
import { appliedPolicies, type AppliedPolicy } from './applied-policies.ts'
import { rememberedFor } from './sufficient-factors.ts'

/** What decided a term: a version of a policy; the configuration, explicitly or by its default; or that the user has permissions. */
export type DecidedBy =
  | { readonly source: 'policy'; readonly policyId: string; readonly version: number }
  | { readonly source: 'configuration' | 'default' | 'permissions' }

export interface EffectivePolicy {
  readonly terms: UserPolicy
  readonly decidedBy: Readonly<Record<Term, DecidedBy>>
}

type Values = { readonly [Name in Term]: UserPolicy[Name] }

/** For each term, the stricter of two values; on a tie the first. */
export const STRICTER: { readonly [Name in Term]: (first: Values[Name], other: Values[Name]) => Values[Name] } = {
  // `phishing-resistant` is stricter than `required`, and that than `optional`.
  secondFactor: (first, other) => (isWeaker(first, other) ? other : first),
  // Fewer are stricter: a factor is allowed only if every policy allows it.
  factors: (first, other) =>
    first.every((kind) => other.includes(kind)) ? first : first.filter((kind) => other.includes(kind)),
  // Shorter is stricter; of the time for which devices are remembered 0, which is never, is the strictest.
  ...eachDuration(() => Math.min),
}

interface TermSource {
  readonly terms: { readonly [Name in Term]: Values[Name] | null }
  readonly decidedBy: DecidedBy
}

interface Decision<Value> {
  readonly value: Value
  readonly decidedBy: DecidedBy
}

/** A user with permissions always needs a second factor, and their devices are not remembered. */
const BY_PERMISSIONS: TermSource = {
  terms: { ...NO_TERMS, secondFactor: 'required', rememberFor: 0 },
  decidedBy: { source: 'permissions' },
}

/**
 * Returns the effective policy of a user at `now`: for each term the strictest value, and what decided it. On a tie that is the first in this
 * order: the configuration, the policy for everyone, that of the role, those of the groups by their ids, the permissions. A policy for everyone
 * replaces the configuration's defaults, but not of what the configuration sets explicitly.
 */
export function effectivePolicy(
  configured: ConfiguredPolicy,
  versions: readonly ApplicableVersion[],
  { hasPermissions, now }: { readonly hasPermissions: boolean; readonly now: Instant },
): EffectivePolicy {
  const applied = appliedPolicies(configured, versions, now)
  const sources = [...applied.map(sourceOf), ...(hasPermissions ? [BY_PERMISSIONS] : [])]
  const decide = <Name extends Term>(name: Name): Decision<Values[Name]> =>
    sources.reduce((decision, one) => stricterOf(name, decision, one), startOf(name, configured, applied))
  const secondFactor = decide('secondFactor')
  const decisions = {
    secondFactor,
    factors: withoutPhishable(decide('factors'), secondFactor),
    ...eachDuration(decide),
  }
  return effective({ ...decisions, rememberFor: unlessFactorsForbid(decisions) })
}

type Decisions = { readonly [Name in Term]: Decision<Values[Name]> }

function effective(decisions: Decisions): EffectivePolicy {
  const { secondFactor, factors } = decisions
  return {
    terms: valuesOf(decisions),
    decidedBy: {
      secondFactor: secondFactor.decidedBy,
      factors: factors.decidedBy,
      ...eachDuration((term) => decisions[term].decidedBy),
    },
  }
}

function valuesOf(decisions: Decisions): UserPolicy {
  const { secondFactor, factors } = decisions
  return {
    secondFactor: secondFactor.value,
    factors: factors.value,
    ...eachDuration((term) => decisions[term].value),
  }
}

function sourceOf({ policyId, version, terms }: AppliedPolicy): TermSource {
  return { terms, decidedBy: version === null ? { source: 'default' } : { source: 'policy', policyId, version } }
}

/**
 * Returns the decision of a term before the policies are compared: what the configuration sets explicitly, otherwise what the policy for everyone
 * says, otherwise the default. That no device is remembered is a default that any policy replaces.
 */
function startOf<Name extends Term>(
  name: Name,
  { terms, locked }: ConfiguredPolicy,
  applied: readonly AppliedPolicy[],
): Decision<Values[Name]> {
  const isLocked = locked.some((term) => term === name)
  const byDefault = { value: terms[name], decidedBy: { source: isLocked ? 'configuration' : 'default' } } as const
  if (isLocked) return byDefault
  const replacing = applied.filter(({ scope }) => scope === 'everyone' || name === 'rememberFor').map(sourceOf)
  for (const source of replacing) {
    const value = source.terms[name]
    if (value !== null) return { value, decidedBy: source.decidedBy }
  }
  return byDefault
}

function stricterOf<Name extends Term>(
  name: Name,
  decision: Decision<Values[Name]>,
  { terms, decidedBy }: TermSource,
): Decision<Values[Name]> {
  const own = terms[name]
  if (own === null) return decision
  const value = STRICTER[name](decision.value, own)
  return value === decision.value ? decision : { value, decidedBy }
}

/** Under `phishing-resistant` only passkeys are allowed. Where that takes the apps away, it decided the factors too. */
function withoutPhishable(
  factors: Decision<Values['factors']>,
  { value, decidedBy }: Decision<Values['secondFactor']>,
): Decision<Values['factors']> {
  if (value !== 'phishing-resistant' || !factors.value.includes('totp')) return factors
  return { value: factors.value.filter((kind) => kind === 'passkey'), decidedBy }
}

/** Where a factor is not allowed, no device is remembered, so what decided the factors decided that too. */
function unlessFactorsForbid(decisions: Decisions): Decision<Values['rememberFor']> {
  const { factors, rememberFor } = decisions
  const value = rememberedFor(valuesOf(decisions))
  return value === rememberFor.value ? rememberFor : { value, decidedBy: factors.decidedBy }
}
