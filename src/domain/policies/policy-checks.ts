// What a policy may say: its fields, and its terms beside those of other policies.
import { distinctNameKey, isDistinctName } from '#foundation/kernel/distinct-name.ts'
import { GIVEN_NAME_MAXIMUM } from '#foundation/kernel/given-name.ts'
import type { FieldError } from '#foundation/kernel/refusal.ts'
import { FARTHEST_VERSION } from '#foundation/kernel/stated-limits.ts'
import { days, type Duration, type Instant, minutes, seconds } from '#foundation/kernel/time.ts'
import { type AllowableFactor, type PolicyTerms, type PolicyVersion, versionInForce } from './policy.ts'
import type { PolicyScope } from './scope.ts'
import type { LockableTerm } from './user-policy.ts'

/** The shortest and longest of each duration, as in the settings. */
const TERM_LIMITS = {
  sessionIdle: { least: minutes(1), most: days(30) },
  sessionAbsolute: { least: minutes(1), most: days(365) },
  reauthentication: { least: seconds(30), most: days(1) },
  rememberFor: { least: 0, most: days(365) },
} as const satisfies Partial<Record<keyof PolicyTerms, { least: Duration; most: Duration }>>

/** The JSON Pointer of each term. */
const TERM_POINTERS = {
  secondFactor: '/second_factor',
  factors: '/factors',
  sessionIdle: '/session_idle',
  sessionAbsolute: '/session_absolute',
  reauthentication: '/reauthentication',
  rememberFor: '/remember_for',
} as const satisfies Record<Exclude<keyof PolicyTerms, 'helpersMayExempt'>, string>

export interface TermContext {
  readonly scope: PolicyScope
  /** Whether the role that the policy concerns has any permission. */
  readonly concernsPermissions: boolean
  /** The terms that the configuration sets for everyone. */
  readonly locked: readonly LockableTerm[]
  /** Whether browsers can make passkeys for this server. */
  readonly canHavePasskeys: boolean
}

/** Returns the errors of the terms of a version. */
export function fieldErrorsInTerms(terms: PolicyTerms, about: TermContext): FieldError[] {
  const { helpersMayExempt: _, ...demands } = terms
  const isSilent = Object.values(demands).every((term) => term === null)
  if (isSilent) return [{ pointer: TERM_POINTERS.secondFactor, code: 'policy.says_nothing' }]
  const locked = about.scope === 'everyone' ? about.locked.filter((term) => terms[term] !== null) : []
  const isTooWeak = about.concernsPermissions && terms.secondFactor === 'optional'
  return [
    ...locked.map((term) => ({ pointer: TERM_POINTERS[term], code: 'policy.set_by_configuration' })),
    ...(isTooWeak ? [{ pointer: TERM_POINTERS.secondFactor, code: 'policy.role_needs_second_factor' }] : []),
    ...fieldErrorsInFactors(terms, about),
    ...fieldErrorsInDurations(terms),
  ]
}

function fieldErrorsInFactors(terms: PolicyTerms, { canHavePasskeys }: TermContext): FieldError[] {
  if (factorsAllowedBy(terms)?.length === 0) return [{ pointer: TERM_POINTERS.factors, code: 'policy.no_factor' }]
  if (canHavePasskeys || !needsPasskey(terms)) return []
  const field = terms.secondFactor === 'phishing-resistant' ? 'secondFactor' : 'factors'
  return [{ pointer: TERM_POINTERS[field], code: 'policy.no_passkeys_here' }]
}

/** Whether the terms allow no second factor but passkeys. */
export function needsPasskey(terms: PolicyTerms): boolean {
  const allowed = factorsAllowedBy(terms)
  return allowed !== null && !allowed.includes('totp')
}

function fieldErrorsInDurations(terms: PolicyTerms): FieldError[] {
  const { sessionIdle: idle, sessionAbsolute: absolute } = terms
  const names = Object.keys(TERM_LIMITS) as (keyof typeof TERM_LIMITS)[]
  const wrong = names.filter((name) => {
    const given = terms[name]
    return given !== null && !(given >= TERM_LIMITS[name].least && given <= TERM_LIMITS[name].most)
  })
  const isReversed = wrong.length === 0 && idle !== null && absolute !== null && idle > absolute
  return [
    ...wrong.map((name) => ({ pointer: TERM_POINTERS[name], code: 'policy.duration', facts: shownLimits(name) })),
    ...(isReversed ? [{ pointer: TERM_POINTERS.sessionIdle, code: 'policy.idle_beyond_absolute' }] : []),
  ]
}

/** The limits as durations of settings are written, such as `30s` and `365d`. */
function shownLimits(name: keyof typeof TERM_LIMITS): Readonly<Record<'least' | 'most', string>> {
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

/** Returns the errors of a policy’s name. */
export function fieldErrorsInPolicyName(name: string): FieldError[] {
  const pointer = '/name'
  if (distinctNameKey(name) === '') return [{ pointer, code: 'field.missing' }]
  const length = Array.from(name.normalize('NFC')).length
  if (length > GIVEN_NAME_MAXIMUM) return [{ pointer, code: 'field.too_long', facts: { maximum: GIVEN_NAME_MAXIMUM } }]
  return isDistinctName(name) ? [] : [{ pointer, code: 'policy.name_characters' }]
}

/** Returns the errors of the instant from which a version is in force: now, or later. */
export function fieldErrorsInStart(from: Instant, now: Instant): FieldError[] {
  const isPossible = from >= now && from <= now + FARTHEST_VERSION
  return isPossible ? [] : [{ pointer: '/in_force_from', code: 'policy.not_in_future' }]
}

/** Returns the second factors that terms allow, by their list and by what they ask for; null where they say nothing about it. */
function factorsAllowedBy({ secondFactor, factors }: PolicyTerms): readonly AllowableFactor[] | null {
  if (secondFactor !== 'phishing-resistant') return factors
  return (factors ?? ['passkey']).filter((factor) => factor === 'passkey')
}

interface Scoped {
  readonly scope: PolicyScope
}

/**
 * Returns the first policy that together with these terms would leave some user no allowed second factor; undefined without one. Only
 * policies of two roles cannot concern one user. Members of groups are not looked at: a user can join later.
 */
export function disjointPolicy<Other extends Scoped & { readonly versions: readonly PolicyVersion[] }>(
  { scope }: Scoped,
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

/** Returns the versions that are in force or planned, without an end. */
export function versionsToCome<Version extends PolicyVersion>(versions: readonly Version[], now: Instant): Version[] {
  const present = versionInForce(versions, now)
  return versions.filter((version) => (version === present || isPlanned(version, now)) && !version.isEnd)
}

/** Whether the time of a version has not come, and it is not cancelled. */
export function isPlanned({ cancelledAt, inForceFrom }: PolicyVersion, now: Instant): boolean {
  return cancelledAt === null && inForceFrom > now
}
