// What a request relies on: it lapses when the user, role or policy is no longer as it was.
import { findStoredPolicy } from '#domain/policies/store/stored-policy.service.ts'
import { findSharedRole } from '#domain/roles/role.service.ts'
import type { User } from '#domain/users/user.ts'
import type { With } from '#foundation/context.ts'
import { type ApprovalRequest, stateOfPolicy, stateOfRole, stateOfTarget } from './approval.ts'

/** Returns the hash of what a request relies on about its user, role or policy; null for what is yet to be created. */
export async function stateConcerned(
  ctx: With<'db'>,
  target: User | null,
  { kind, values, newName = '' }: ApprovalRequest,
): Promise<string | null> {
  if (target !== null) return stateOfTarget(target)
  if (kind === 'change-policy') {
    const policy = await findStoredPolicy(ctx, values.policyId)
    return policy === undefined ? null : stateOfPolicy(policy)
  }
  const role = kind === 'change-role' ? await findSharedRole(ctx, newName) : undefined
  return role === undefined ? null : stateOfRole(role)
}
