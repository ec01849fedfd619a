import type { Role } from '../../foundation/kernel/principal.ts'
import type { SecondFactorPolicy } from '../../foundation/kernel/assurance.ts'

/** What can be shown as a second step, besides recovery codes: those only stand in for what was lost. */
export interface SecondFactorsLeft {
  /** Authenticator apps that were confirmed. */
  readonly apps: number
  readonly passkeys: number
}

export function hasSecondFactor({ apps, passkeys }: SecondFactorsLeft): boolean {
  return apps + passkeys > 0
}

/**
 * Whether an account may be left with these by its owner: with none only where no second factor is asked for, and never
 * by an admin, who could act as one no longer.
 */
export function mayBeLeftWith(
  left: SecondFactorsLeft,
  { role, secondFactor }: { readonly role: Role; readonly secondFactor: SecondFactorPolicy },
): boolean {
  return hasSecondFactor(left) || (secondFactor === 'optional' && role !== 'admin')
}
