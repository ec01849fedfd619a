// The versions of a policy at an instant: which is in force, which are planned, and the state of each.
// Tested in test/stories/policies.test.ts.
import type { Instant } from '#foundation/kernel/time.ts'
import { type PolicyVersion, versionInForce } from '../policy.ts'

export const VERSION_STATES = ['in force', 'planned', 'past', 'ended', 'cancelled'] as const
export type VersionState = (typeof VERSION_STATES)[number]

/** Returns the state of one of the versions of a policy. */
export function versionState(version: PolicyVersion, versions: readonly PolicyVersion[], now: Instant): VersionState {
  if (version.cancelledAt !== null) return 'cancelled'
  if (isPlanned(version, now)) return 'planned'
  if (version.isEnd) return 'ended'
  return version === versionInForce(versions, now) ? 'in force' : 'past'
}

/** Returns the version of a policy in force, and those that are planned, the next one first. */
export function currentVersions<Version extends PolicyVersion>(
  { versions }: { readonly versions: readonly Version[] },
  now: Instant,
): { readonly inForce: Version | undefined; readonly planned: readonly Version[] } {
  const planned = versions.filter((version) => isPlanned(version, now))
  const inOrder = (one: Version, other: Version) => one.inForceFrom - other.inForceFrom || other.version - one.version
  return { inForce: versionInForce(versions, now), planned: planned.toSorted(inOrder) }
}

/** Returns the versions that are in force or planned, without an end. */
export function versionsToCome<Version extends PolicyVersion>(versions: readonly Version[], now: Instant): Version[] {
  const { inForce, planned } = currentVersions({ versions }, now)
  return [...(inForce === undefined ? [] : [inForce]), ...planned].filter(({ isEnd }) => !isEnd)
}

/** Whether the time of a version has not come, and it is not cancelled. */
export function isPlanned({ cancelledAt, inForceFrom }: PolicyVersion, now: Instant): boolean {
  return cancelledAt === null && inForceFrom > now
}
