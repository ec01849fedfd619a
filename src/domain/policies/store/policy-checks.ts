// What a policy may say: its fields, and its terms beside those of other policies.
import { errorsInDistinctName } from '#foundation/kernel/distinct-name.ts'
import { GIVEN_NAME_MAXIMUM } from '#foundation/kernel/given-name.ts'
import type { FieldError } from '#foundation/kernel/refusal.ts'
import { FARTHEST_VERSION } from '#foundation/kernel/stated-limits.ts'
import { days, type Duration, type Instant, minutes, seconds } from '#foundation/kernel/time.ts'
import {
  type AllowableFactor,
  type ConfiguredPolicy,
  DURATION_TERMS,
  type DurationTerm,
  isWeaker,
  LOCKABLE_TERMS,
  type LockableTerm,
  type PolicyTerms,
  type PolicyVersion,
  type Term,
  TERM_NAMES,
} from '../policy.ts'
import type { PolicyScope, Scoped } from '../scope.ts'
import { versionsToCome } from './version-state.ts'

/** The shortest and longest of each duration, as in the settings. */
const TERM_LIMITS = {
  sessionIdle: { least: minutes(1), most: days(30) },
  sessionAbsolute: { least: minutes(1), most: days(365) },
  reauthentication: { least: seconds(30), most: days(1) },
  rememberFor: { least: 0, most: days(365) },
} as const satisfies Record<DurationTerm, { least: Duration; most: Duration }>

/** Returns the JSON Pointer of a term. */
function pointerOf(term: Term): string {
  return `/${TERM_NAMES[term]}`
}

export interface TermContext {
  readonly scope: PolicyScope
  /** Whether the role that is the scope has any permission. */
  readonly scopeHasPermissions: boolean
  /** The terms that the configuration sets for everyone. */
  readonly locked: readonly LockableTerm[]
  /** Whether browsers can make passkeys for this server. */
  readonly canHavePasskeys: boolean
}

/** Returns the errors of the terms of a version. */
export function fieldErrorsInTerms(terms: PolicyTerms, about: TermContext): FieldError[] {
  const { helpersMayExempt: _, ...required } = terms
  const isSilent = Object.values(required).every((term) => term === null)
  if (isSilent) return [{ pointer: pointerOf('secondFactor'), code: 'policy.says_nothing' }]
  const locked = about.scope === 'everyone' ? about.locked.filter((term) => terms[term] !== null) : []
  const isTooWeak = about.scopeHasPermissions && terms.secondFactor === 'optional'
  return [
    ...locked.map((term) => ({ pointer: pointerOf(term), code: 'policy.set_by_configuration' })),
    ...(isTooWeak ? [{ pointer: pointerOf('secondFactor'), code: 'policy.role_needs_second_factor' }] : []),
    ...fieldErrorsInFactors(terms, about),
    ...fieldErrorsInDurations(terms),
  ]
}

function fieldErrorsInFactors(terms: PolicyTerms, { canHavePasskeys }: TermContext): FieldError[] {
  if (factorsAllowedBy(terms)?.length === 0) return [{ pointer: pointerOf('factors'), code: 'policy.no_factor' }]
  if (canHavePasskeys || !needsPasskey(terms)) return []
  const field = terms.secondFactor === 'phishing-resistant' ? 'secondFactor' : 'factors'
  return [{ pointer: pointerOf(field), code: 'policy.no_passkeys_here' }]
}

/** Whether the terms allow no second factor but passkeys. */
export function needsPasskey(terms: PolicyTerms): boolean {
  const allowed = factorsAllowedBy(terms)
  return allowed !== null && !allowed.includes('totp')
}

function fieldErrorsInDurations(terms: PolicyTerms): FieldError[] {
  const { sessionIdle: idle, sessionAbsolute: absolute } = terms
  const wrong = DURATION_TERMS.filter((name) => {
    const given = terms[name]
    return given !== null && !(given >= TERM_LIMITS[name].least && given <= TERM_LIMITS[name].most)
  })
  const isReversed = wrong.length === 0 && idle !== null && absolute !== null && idle > absolute
  return [
    ...wrong.map((name) => ({ pointer: pointerOf(name), code: 'policy.duration', facts: shownLimits(name) })),
    ...(isReversed ? [{ pointer: pointerOf('sessionIdle'), code: 'policy.idle_beyond_absolute' }] : []),
  ]
}

/** The limits as durations of settings are written, such as `30s` and `365d`. */
function shownLimits(name: DurationTerm): Readonly<Record<'least' | 'most', string>> {
  const { least, most } = TERM_LIMITS[name]
  return { least: shortDuration(least), most: shortDuration(most) }
}

const UNITS = [
  ['d', days(1)],
  ['h', minutes(60)],
  ['m', minutes(1)],
] as const

/** Writes a duration as settings and flags do: `90s`, `30m`, `1h` or `7d`, in the largest unit that divides it. */
export function shortDuration(span: Duration): string {
  const [unit, size] = UNITS.find(([, each]) => span > 0 && span % each === 0) ?? ['s', seconds(1)]
  return `${span / size}${unit}`
}

/**
 * Returns the terms in which a policy for everyone requires less than the defaults of the configuration, which it replaces. What the
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

/** Returns the errors of a policy’s name. */
export function fieldErrorsInPolicyName(name: string): FieldError[] {
  return errorsInDistinctName(name, GIVEN_NAME_MAXIMUM, 'policy.name_characters')
}

/** Returns the errors of the instant from which a version is in force: now, or later. */
export function fieldErrorsInStart(from: Instant, now: Instant): FieldError[] {
  const isPossible = from >= now && from <= now + FARTHEST_VERSION
  return isPossible ? [] : [{ pointer: '/in_force_from', code: 'policy.not_in_future' }]
}

/** Returns the second factors that terms allow, by their list and by what they require; null where they say nothing about it. */
function factorsAllowedBy({ secondFactor, factors }: PolicyTerms): readonly AllowableFactor[] | null {
  if (secondFactor !== 'phishing-resistant') return factors
  return (factors ?? ['passkey']).filter((factor) => factor === 'passkey')
}

/**
 * Returns the first policy that together with these terms would leave some user no allowed second factor; undefined without one. Only
 * policies of two roles cannot apply to one user. Members of groups are not looked at: a user can join later.
 */
export function disjointPolicy<Other extends Pick<Scoped, 'scope'> & { readonly versions: readonly PolicyVersion[] }>(
  { scope }: Pick<Scoped, 'scope'>,
  terms: PolicyTerms,
  { others, now }: { readonly others: readonly Other[]; readonly now: Instant },
): Other | undefined {
  const allowed = factorsAllowedBy(terms)
  if (allowed === null) return undefined
  const areDisjoint = (version: PolicyVersion): boolean =>
    factorsAllowedBy(version.terms)?.every((factor) => !allowed.includes(factor)) ?? false
  return others
    .filter((other) => scope !== 'role' || other.scope !== 'role')
    .find(({ versions }) => versionsToCome(versions, now).some(areDisjoint))
}
