// How long the policies of one user have let devices be remembered, from the first of them until now.
// Tested in test/attacks/remembered-device-matrix.test.ts.
import type { RememberPeriod } from '#domain/remembered-devices/remembered-device.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import type { ApplicableVersion, ConfiguredPolicy } from '../policy.ts'
import { effectivePolicy } from './effective-policy.ts'
import { rememberedFor } from './sufficient-factors.ts'

/**
 * Returns the periods of a user, the earliest first: one begins with each version that has begun and with the end of each exemption. The
 * versions are never changed, so what was not remembered at one time can still be found at a later one.
 */
export function periodsOf(
  configured: ConfiguredPolicy,
  versions: readonly ApplicableVersion[],
  { hasPermissions, now }: { readonly hasPermissions: boolean; readonly now: Instant },
): RememberPeriod[] {
  const changes = versions.flatMap(({ inForceFrom, exemptUntil }) => [inForceFrom, exemptUntil ?? 0])
  const instants = [...new Set([0, ...changes])].filter((at) => at <= now).toSorted((one, other) => one - other)
  return instants.map((from) => ({
    from,
    rememberFor: rememberedFor(effectivePolicy(configured, versions, { hasPermissions, now: from }).terms),
  }))
}
