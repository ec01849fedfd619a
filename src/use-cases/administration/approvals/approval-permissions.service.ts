// What somebody must be permitted to approve a request of the two-person rule.
import { permissionFor } from '../../../domain/approvals/approval.ts'
import type { Approval } from '../../../domain/approvals/approval.ts'
import { policiesNaming } from '../../../domain/policies/named-scope.service.ts'
import { permissionsIn } from '../../../domain/roles/role.ts'
import { findRole } from '../../../domain/roles/role.service.ts'
import { findUser } from '../../../domain/users/user.service.ts'
import type { With } from '../../../foundation/context.ts'
import type { Permission } from '../../../foundation/kernel/principal.ts'
import { requireMayManage } from '../access/role-grant.service.ts'

/** Throws `role.beyond_own` if the principal lacks a permission that approving the request needs. */
export async function requireMayApprove(ctx: With<'db' | 'now' | 'principal'>, approval: Approval): Promise<void> {
  requireMayManage(ctx.principal, await permissionsToApprove(ctx, approval))
}

/**
 * Returns the permissions that approving needs: that of the change itself, those of the user or role concerned, and those that it gives, so
 * that two who may little cannot make one who may more. `policy:write` is among them if the user leaves a role that a policy names.
 */
export async function permissionsToApprove(
  ctx: With<'db' | 'now'>,
  approval: Approval,
): Promise<readonly Permission[]> {
  const { kind, target, targetName, parameters } = approval
  const user = target === null ? undefined : await findUser(ctx, target)
  const { role, permissions } = parameters
  const given = typeof role === 'string' ? await findRole(ctx, role) : undefined
  const changed = kind === 'change-role' ? await findRole(ctx, targetName) : undefined
  const leaves = user !== undefined && typeof role === 'string' && role !== user.role
  const weakens = leaves && (await policiesNaming(ctx, 'role', user.role)).length > 0
  return [
    permissionFor(approval),
    ...(typeof role === 'string' && role !== 'user' ? (['roles:write'] as const) : []),
    ...(weakens ? (['policy:write'] as const) : []),
    ...(user?.rolePermissions ?? []),
    ...(given?.permissions ?? []),
    ...(changed?.permissions ?? []),
    ...(typeof permissions === 'string' ? permissionsIn(permissions) : []),
  ]
}
