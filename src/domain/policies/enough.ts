// Whether verified factors are enough for a policy, and whether a user must first enrol another one.
import { isSecondFactorSkipped } from '#foundation/kernel/assurance.ts'
import type { Duration } from '#foundation/kernel/time.ts'
import { ALLOWABLE_FACTORS, type AllowableFactor, type UserPolicy } from './policy.ts'

/** How many confirmed factors of each kind a user has. */
export interface FactorTally {
  readonly apps: number
  readonly passkeys: number
}

export const NO_FACTORS: FactorTally = { apps: 0, passkeys: 0 }

/**
 * Whether these verified factors are enough for a session of a user who is not stopped. A recovery code stands for a lost factor, so it
 * counts beside the password; under `phishing-resistant` only an allowed passkey counts. Where the second factor is optional, the password
 * alone is enough, and a second factor that was used must be allowed. A remembered device stands in for the second factor only as long as the
 * policy lets devices be remembered.
 */
export function isEnough(policy: UserPolicy, methods: readonly string[]): boolean {
  if (isSecondFactorSkipped(methods)) return rememberedFor(policy) > 0
  if (isAllowed(policy, 'passkey') && methods.includes('passkey')) return true
  if (policy.secondFactor === 'phishing-resistant') return false
  if (methods.includes('password') && methods.includes('recovery-code')) return true
  if (policy.secondFactor === 'optional') return methods.length > 0 && !usesOnlyDisallowed(policy, methods)
  // A passkey that the policy does not allow still stands for the password.
  const isIdentified = methods.includes('password') || methods.includes('passkey')
  return isIdentified && methods.includes('totp') && isAllowed(policy, 'totp')
}

/** Where verified factors lead. */
export type StepByPolicy = 'session' | 'enrolment' | 'refused'

/**
 * Returns where verified factors lead: to a session, to the enrolment of an allowed factor, or nowhere. No user is stopped for good: only a
 * user who holds an allowed factor, and has used another one, is refused. A user who holds none that is allowed gets no session by any
 * factor, so that there is none in which the allowed one cannot be added. After a recovery code the lost factor can be replaced.
 */
export function afterFactors(policy: UserPolicy, methods: readonly string[], held: FactorTally): StepByPolicy {
  if (usesOnlyDisallowed(policy, methods) && holdsAllowed(policy, held)) return 'refused'
  return whyStopped(policy, held) === undefined && isEnough(policy, methods) ? 'session' : 'enrolment'
}

/** Whether second factors were verified, and the policy allows none of them. */
function usesOnlyDisallowed(policy: Pick<UserPolicy, 'factors'>, methods: readonly string[]): boolean {
  const used = ALLOWABLE_FACTORS.filter((kind) => methods.includes(kind))
  return used.length > 0 && !used.some((kind) => isAllowed(policy, kind))
}

/** Returns the kinds that are offered at the second step: those that are allowed, or all if the user holds none of these. */
export function offeredKinds<Kind extends string>(
  policy: Pick<UserPolicy, 'factors'>,
  enrolled: readonly Kind[],
): readonly Kind[] {
  const allowed = enrolled.filter((kind) => !usesOnlyDisallowed(policy, [kind]))
  const holdsOne = ALLOWABLE_FACTORS.some((kind) => allowed.some((one) => one === kind))
  return holdsOne ? allowed : enrolled
}

/**
 * Returns how long the policy lets a device be remembered; 0 for never. Where it does not allow every second factor, no device is
 * remembered: with which factor a device was remembered is not stored, and it may have been one that is no longer allowed.
 */
export function rememberedFor(policy: UserPolicy): Duration {
  const allowsAll = ALLOWABLE_FACTORS.every((kind) => isAllowed(policy, kind))
  return allowsAll && policy.secondFactor !== 'phishing-resistant' ? policy.rememberFor : 0
}

/** Whether the policy allows this second factor. A recovery code is no factor of its own; see `isEnough`. */
export function isAllowed({ factors }: Pick<UserPolicy, 'factors'>, kind: AllowableFactor): boolean {
  return factors.includes(kind)
}

/** Whether the user holds a second factor that the policy allows. */
function holdsAllowed(policy: Pick<UserPolicy, 'factors'>, { apps, passkeys }: FactorTally): boolean {
  return (apps > 0 && isAllowed(policy, 'totp')) || (passkeys > 0 && isAllowed(policy, 'passkey'))
}

/**
 * Returns why a user who signs in must enrol a second factor first; undefined if the user need not. Where a second factor is optional, a user
 * without one need not, but who holds one needs one that is allowed.
 */
export function whyStopped(
  policy: UserPolicy,
  held: FactorTally,
): 'no-second-factor' | 'no-allowed-factor' | undefined {
  if (holdsAllowed(policy, held)) return undefined
  if (held.apps + held.passkeys > 0) return 'no-allowed-factor'
  return policy.secondFactor === 'optional' ? undefined : 'no-second-factor'
}

/**
 * Whether a user who holds these factors can re-authenticate in a session, without which no allowed factor can be added in it: with a factor
 * that is allowed, and without any by the password, except where only a passkey counts.
 */
export function canReauthenticate(policy: UserPolicy, held: FactorTally): boolean {
  if (held.apps + held.passkeys > 0) return holdsAllowed(policy, held)
  return policy.secondFactor !== 'phishing-resistant'
}
