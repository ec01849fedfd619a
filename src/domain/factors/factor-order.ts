import type { Instant } from '#foundation/kernel/time.ts'
import { SECOND_FACTOR_KINDS, type SecondFactorKind } from './factor-kind.ts'

export interface DatedFactor {
  readonly kind: SecondFactorKind
  /** When it was last used; before the first use, when it was created. */
  readonly usedAt: Instant
}

/**
 * Returns the kinds in the order in which a page offers them: the last used one first, because the user most likely has it; of two with
 * the same time the stronger. Recovery codes always come last: they replace a lost factor once, and a user who is offered them first
 * would consume the whole set.
 */
export function offerOrder(factors: readonly DatedFactor[]): SecondFactorKind[] {
  const enrolled = SECOND_FACTOR_KINDS.filter((kind) => factors.some((factor) => factor.kind === kind))
  return enrolled.toSorted((a, b) => lastUse(factors, b) - lastUse(factors, a))
}

function lastUse(factors: readonly DatedFactor[], kind: SecondFactorKind): number {
  if (kind === 'recovery-code') return -1
  return Math.max(...factors.filter((factor) => factor.kind === kind).map(({ usedAt }) => usedAt))
}
