// Whether verified factors are enough for a policy, and whether a user must first enrol another one.
import type { AllowableFactor, UserPolicy } from './policy.ts'

/** How many confirmed factors of each kind a user has. */
export interface HeldFactors {
  readonly apps: number
  readonly passkeys: number
}

/**
 * Whether these verified factors open a session. A recovery code stands for a lost factor, so it counts beside the password; under
 * `phishing-resistant` only an allowed passkey counts. Where the second factor is optional, every complete authentication is enough.
 */
export function isEnough(policy: UserPolicy, methods: readonly string[]): boolean {
  if (policy.secondFactor === 'optional') return methods.length > 0
  if (isAllowed(policy, 'passkey') && methods.includes('passkey')) return true
  if (policy.secondFactor === 'phishing-resistant' || !methods.includes('password')) return false
  return methods.includes('recovery-code') || (isAllowed(policy, 'totp') && methods.includes('totp'))
}

/** Whether the policy allows this second factor. A recovery code is no factor of its own; see `isEnough`. */
export function isAllowed({ factors }: Pick<UserPolicy, 'factors'>, kind: AllowableFactor): boolean {
  return factors.includes(kind)
}

/** Whether the user holds a second factor that the policy allows. */
export function holdsAllowed(policy: Pick<UserPolicy, 'factors'>, { apps, passkeys }: HeldFactors): boolean {
  return (apps > 0 && isAllowed(policy, 'totp')) || (passkeys > 0 && isAllowed(policy, 'passkey'))
}

/** Returns why a user who signs in must enrol a second factor first; undefined if the user need not. */
export function whyStopped(
  policy: UserPolicy,
  held: HeldFactors,
): 'no-second-factor' | 'no-allowed-factor' | undefined {
  if (policy.secondFactor === 'optional' || holdsAllowed(policy, held)) return undefined
  return held.apps + held.passkeys === 0 ? 'no-second-factor' : 'no-allowed-factor'
}
