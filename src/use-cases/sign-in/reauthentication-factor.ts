import type { SecondFactorKind } from '#domain/factors/factor-kind.ts'
import { type AssuranceTerms, type FactorDates, meetsAccountAssurance } from '#foundation/kernel/assurance.ts'

/** The factor that re-authentication asks for: a second factor, or the password alone for a user without one. */
export type ReauthenticationFactor = SecondFactorKind | 'password'

export interface ReauthenticationChoice {
  readonly factor: ReauthenticationFactor
  readonly others: readonly SecondFactorKind[]
}

interface Wanted {
  readonly enrolled: FactorDates
  /** What the policies for the user say about passkeys. */
  readonly terms: AssuranceTerms
  readonly requested: SecondFactorKind | undefined
}

/**
 * Selects a factor that meets the assurance level of the account: the requested one, else the first.
 *
 * @param usable the user's second factors that the page can ask for, in the order in which they are offered
 */
export function selectReauthenticationFactor(
  usable: readonly SecondFactorKind[],
  { enrolled, terms, requested }: Wanted,
): ReauthenticationChoice {
  const enough = usable.filter((kind) => meetsAccountAssurance(['password', kind], enrolled, terms))
  const factor = enough.find((kind) => kind === requested) ?? enough[0] ?? 'password'
  return { factor, others: enough.filter((kind) => kind !== factor) }
}
