import type { Instant } from '../../foundation/kernel/time.ts'
import { SECOND_FACTOR_KINDS } from './factor-kind.ts'
import type { SecondFactorKind } from './factor-kind.ts'

/** A second factor that somebody has at hand. */
export interface DatedFactor {
  readonly kind: SecondFactorKind
  /** When it was last shown; before the first time, when it was made. */
  readonly usedAt: Instant
}

/**
 * The kinds in the order in which they are offered: the one used last first, as it is the likeliest to be at hand; of two
 * used at the same moment the stronger. Recovery codes come last whenever they were used: whoever used one had lost
 * something, gets it back or replaces it, and would otherwise be led to use up the set.
 */
export function offerOrder(factors: readonly DatedFactor[]): SecondFactorKind[] {
  const held = SECOND_FACTOR_KINDS.filter((kind) => factors.some((factor) => factor.kind === kind))
  return held.toSorted((a, b) => lastUse(factors, b) - lastUse(factors, a))
}

function lastUse(factors: readonly DatedFactor[], kind: SecondFactorKind): number {
  if (kind === 'recovery-code') return -1
  return Math.max(...factors.filter((factor) => factor.kind === kind).map(({ usedAt }) => usedAt))
}
