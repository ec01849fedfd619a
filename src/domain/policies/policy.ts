// The terms of policies, and the versions in which they are stored.
// Tested in evaluation/applied-policies.test.ts.
import type { PrincipalUser } from '#foundation/kernel/principal.ts'
import type { Duration, Instant } from '#foundation/kernel/time.ts'
import type { PolicyScope } from './scope.ts'

/** What a policy requires of the second factor, from weakest to strongest. */
export const REQUIREMENTS = ['optional', 'required', 'phishing-resistant'] as const
export type Requirement = (typeof REQUIREMENTS)[number]

/** Whether one requirement is less than another. */
export function isWeaker(one: Requirement, other: Requirement): boolean {
  return REQUIREMENTS.indexOf(one) < REQUIREMENTS.indexOf(other)
}

/** The second factors that a policy can allow. Recovery codes only replace a lost factor, so no policy names them. */
export const ALLOWABLE_FACTORS = ['totp', 'passkey'] as const
export type AllowableFactor = (typeof ALLOWABLE_FACTORS)[number]

/** What all policies together require of one user. Durations are milliseconds. */
export interface UserPolicy {
  readonly secondFactor: Requirement
  /** The allowed second factors; empty only if policies contradict each other, which is refused when they are stored. */
  readonly factors: readonly AllowableFactor[]
  readonly sessionIdle: Duration
  readonly sessionAbsolute: Duration
  /** How old an authentication may be at a sensitive action. */
  readonly reauthentication: Duration
  /** How long a device is remembered; 0 for never. */
  readonly rememberFor: Duration
}

export type Term = keyof UserPolicy

/** The terms in the order in which they are shown, with the names of their columns, fields of the API and of the form, and details of events. */
export const TERM_NAMES = {
  secondFactor: 'second_factor',
  factors: 'factors',
  sessionIdle: 'session_idle',
  sessionAbsolute: 'session_absolute',
  reauthentication: 'reauthentication',
  rememberFor: 'remember_for',
} as const satisfies Readonly<Record<Term, string>>

export const TERMS = Object.keys(TERM_NAMES) as readonly Term[]

/** The terms that are durations. What is the same for all of them is derived from this list. */
export const DURATION_TERMS = ['sessionIdle', 'sessionAbsolute', 'reauthentication', 'rememberFor'] as const
export type DurationTerm = (typeof DURATION_TERMS)[number]

/** Returns a value for each duration, by its term. */
export function eachDuration<Value>(valueOf: (term: DurationTerm) => Value): Record<DurationTerm, Value> {
  return Object.fromEntries(DURATION_TERMS.map((term) => [term, valueOf(term)])) as Record<DurationTerm, Value>
}

type DurationName = (typeof TERM_NAMES)[DurationTerm]

/** Returns a value for each duration, by its name. */
export function eachNamedDuration<Value>(valueOf: (term: DurationTerm) => Value): Record<DurationName, Value> {
  const named = DURATION_TERMS.map((term) => [TERM_NAMES[term], valueOf(term)])
  return Object.fromEntries(named) as Record<DurationName, Value>
}

type OrNull<Terms> = { readonly [Name in keyof Terms]: Terms[Name] | null }

/** What one policy says; null where it says nothing. */
export interface PolicyTerms extends OrNull<UserPolicy> {
  /** Whether the help desk may exempt users from this policy for a few days. It is a permission of this policy alone and requires nothing. */
  readonly helpersMayExempt: boolean
}

/** The terms of a policy that says nothing. */
export const NO_TERMS: PolicyTerms = {
  secondFactor: null,
  factors: null,
  ...eachDuration(() => null),
  helpersMayExempt: false,
}

export interface PolicyVersion {
  readonly policyId: string
  /** Counts the versions of one policy, from 1. */
  readonly version: number
  readonly terms: PolicyTerms
  /** Whether the policy ends with this version. */
  readonly isEnd: boolean
  readonly inForceFrom: Instant
  readonly cancelledAt: Instant | null
}

/** The terms that the configuration can fix for everyone. */
export const LOCKABLE_TERMS = ['secondFactor', 'sessionIdle', 'sessionAbsolute', 'reauthentication'] as const
export type LockableTerm = (typeof LOCKABLE_TERMS)[number]

/** What the configuration says, by its values and by its defaults. */
export interface ConfiguredPolicy {
  readonly terms: UserPolicy
  /** The terms that are set explicitly. A policy for everyone replaces only the defaults of the others. */
  readonly locked: readonly LockableTerm[]
}

/** A version of a policy that applies to a user, or will. */
export interface ApplicableVersion extends PolicyVersion {
  readonly scope: PolicyScope
  /** Until when the user is exempt from the policy; null without an exemption. */
  readonly exemptUntil: Instant | null
  /** Whether the help desk gave the exemption: it counts only while a version is in force that lets it. */
  readonly exemptByHelp: boolean
}

/** The fields of a user by which policies are found. */
export type EvaluatedUser = Pick<PrincipalUser, 'subject' | 'role' | 'rolePermissions'>

/** Returns the version of one policy that is in force at `now`: the latest whose time has come; undefined before the first and after the end. */
export function versionInForce<Version extends PolicyVersion>(
  versions: readonly Version[],
  now: Instant,
): Version | undefined {
  const begun = versions.filter(({ inForceFrom, cancelledAt }) => inForceFrom <= now && cancelledAt === null)
  const latest = begun.reduce<Version | undefined>(
    (found, one) => (found === undefined || one.version > found.version ? one : found),
    undefined,
  )
  return latest?.isEnd === true ? undefined : latest
}
