import type { SecondFactorKind } from '../../domain/factors/factor-kind.ts'
import { meetsAccountAssurance } from '../../foundation/kernel/assurance.ts'
import type { FactorDates } from '../../foundation/kernel/assurance.ts'

/** What a confirmation asks for: a second factor, or the password alone of somebody who has none. */
export type ReauthenticationFactor = SecondFactorKind | 'password'

export interface ConfirmWays {
  readonly way: ReauthenticationFactor
  readonly others: readonly SecondFactorKind[]
}

/**
 * The way of confirming, of those that are strong enough for this account: the wished one, else the first.
 *
 * @param usable what the person has and the page can ask for, in the order in which it is offered
 */
export function selectReauthenticationFactor(
  usable: readonly SecondFactorKind[],
  { held, wished }: { readonly held: FactorDates; readonly wished: SecondFactorKind | undefined },
): ConfirmWays {
  const enough = usable.filter((kind) => meetsAccountAssurance(['password', kind], held))
  const way = enough.find((kind) => kind === wished) ?? enough[0] ?? 'password'
  return { way, others: enough.filter((kind) => kind !== way) }
}
