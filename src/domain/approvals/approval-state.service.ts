// What a request relies on: it lapses when the user or role is no longer as it was.
import { findSharedRole } from '../roles/role.service.ts'
import type { User } from '../users/user.ts'
import type { With } from '../../foundation/context.ts'
import { stateOfRole, stateOfTarget } from './approval.ts'
import type { ApprovalWish } from './approval.ts'

/** Returns the hash of what a request relies on about its user or role; null for a user or role that is yet to be created. */
export async function stateConcerned(
  ctx: With<'db'>,
  target: User | null,
  { kind, newName = '' }: Pick<ApprovalWish, 'kind' | 'newName'>,
): Promise<string | null> {
  if (target !== null) return stateOfTarget(target)
  const role = kind === 'change-role' ? await findSharedRole(ctx, newName) : undefined
  return role === undefined ? null : stateOfRole(role)
}
