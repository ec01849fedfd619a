// Whether a policy names a group or a role: then fewer users in it would mean fewer users that the policy protects.
import type { Instant } from '#foundation/kernel/time.ts'
import { type PolicyVersion, versionInForce } from '../policy.ts'

/** Returns the names of the policies that have a version in force or planned, in order. */
export function namesOfPolicies(
  versions: readonly (PolicyVersion & { readonly policyName: string })[],
  now: Instant,
): string[] {
  const policies = [...Map.groupBy(versions, ({ policyId }) => policyId).values()]
  const live = policies.filter(
    (own) =>
      versionInForce(own, now) !== undefined ||
      own.some(({ inForceFrom, isEnd, cancelledAt }) => inForceFrom > now && !isEnd && cancelledAt === null),
  )
  return live.map(([first]) => first?.policyName ?? '').toSorted()
}
