import type { Role } from '../../foundation/kernel/principal.ts'
import type { SecondFactorPolicy } from '../../foundation/kernel/assurance.ts'

/** The second factors that count. Recovery codes do not, because they only replace a lost factor. */
export interface SecondFactorsLeft {
  /** Confirmed authenticator apps. */
  readonly apps: number
  readonly passkeys: number
}

/** Whether at least one second factor is left. */
export function hasSecondFactor({ apps, passkeys }: SecondFactorsLeft): boolean {
  return apps + passkeys > 0
}

/**
 * Whether a user may keep only these factors. None is allowed only if the policy does not require a second factor, and never for an
 * admin, who would lose the permissions of an admin.
 */
export function mayBeLeftWith(
  left: SecondFactorsLeft,
  { role, secondFactor }: { readonly role: Role; readonly secondFactor: SecondFactorPolicy },
): boolean {
  return hasSecondFactor(left) || (secondFactor === 'optional' && role !== 'admin')
}
