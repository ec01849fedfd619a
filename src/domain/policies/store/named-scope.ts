// Whether a policy names a group or a role: then fewer users in it would mean fewer users that the policy protects.
import type { Instant } from '#foundation/kernel/time.ts'
import type { PolicyVersion } from '../policy.ts'
import { versionsToCome } from './version-state.ts'

/** Returns the names of the policies that have a version in force or planned, in order. */
export function namesOfPolicies(
  versions: readonly (PolicyVersion & { readonly policyName: string })[],
  now: Instant,
): string[] {
  const policies = [...Map.groupBy(versions, ({ policyId }) => policyId).values()]
  const live = policies.filter((own) => versionsToCome(own, now).length > 0)
  return live.map(([first]) => first?.policyName ?? '').toSorted()
}
