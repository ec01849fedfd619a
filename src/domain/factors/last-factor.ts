import type { PrincipalUser } from '../../foundation/kernel/principal.ts'
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
 * Whether a user may keep only these factors. None is allowed only if the policy does not require a second factor, and never for a
 * user with permissions, who would lose them.
 */
export function mayBeLeftWith(
  left: SecondFactorsLeft,
  {
    rolePermissions,
    secondFactor,
  }: Pick<PrincipalUser, 'rolePermissions'> & { readonly secondFactor: SecondFactorPolicy },
): boolean {
  return hasSecondFactor(left) || (secondFactor === 'optional' && rolePermissions.length === 0)
}
