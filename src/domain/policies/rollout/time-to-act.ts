// Whether a change stops a user with permissions before they had time to act: at once, or within a week.
import { TIME_TO_ACT } from '#foundation/kernel/stated-limits.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { effectivePolicy } from '../evaluation/effective-policy.ts'
import { type FactorTally, whyStopped } from '../evaluation/sufficient-factors.ts'
import type { ApplicableVersion, ConfiguredPolicy } from '../policy.ts'

/** Whether a version that is in force from `at` on leaves its users less than a week. */
export function isTooSoon(at: Instant, now: Instant): boolean {
  return at < now + TIME_TO_ACT
}

export interface EvaluatedChange {
  readonly configured: ConfiguredPolicy
  readonly held: FactorTally
  readonly hasPermissions: boolean
  readonly now: Instant
}

/**
 * Whether the user is stopped at some instant of the next week after a change of what applies to them, and would not be without it. Instants are
 * those at which something changes: versions begin and exemptions end.
 */
export function stopsSoon(
  before: readonly ApplicableVersion[],
  after: readonly ApplicableVersion[],
  { configured, held, hasPermissions, now }: EvaluatedChange,
): boolean {
  const changes = [...before, ...after].flatMap(({ inForceFrom, exemptUntil }) => [inForceFrom, exemptUntil ?? now])
  const instants = new Set([now, ...changes.filter((at) => at > now && isTooSoon(at, now))])
  const isStopped = (versions: readonly ApplicableVersion[], at: Instant): boolean =>
    whyStopped(effectivePolicy(configured, versions, { hasPermissions, now: at }).terms, held) !== undefined
  return [...instants].some((at) => isStopped(after, at) && !isStopped(before, at))
}
