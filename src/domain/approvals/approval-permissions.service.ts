// Who may decide a request of the two-person rule: the admins who could have asked for it, and decide on requests at all.
import { policiesNaming } from '#domain/policies/named-scope.service.ts'
import { findRole, listStoredRoles } from '#domain/roles/role.service.ts'
import { builtInRole, mayManage } from '#domain/roles/role.ts'
import { findActingHolders, findUser } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import type { With } from '#foundation/context.ts'
import type { Permission } from '#foundation/kernel/principal.ts'
import type { SomeValues } from './approval-change.ts'
import { type Approval, permissionFor } from './approval.ts'

/**
 * Returns the permissions that approving and declining need: to change users, that of the change itself, those of the user or role
 * concerned, and those that it gives, so that two who may little can neither make nor keep down one who may more. `policy:write` is among them
 * if the user leaves a role that a policy names.
 */
export async function permissionsToDecide(ctx: With<'db' | 'now'>, approval: Approval): Promise<readonly Permission[]> {
  const { kind, target, targetName } = approval
  const user = target === null ? undefined : await findUser(ctx, target)
  const { role, permissions = [], groups }: SomeValues = approval.values
  const given = role !== undefined ? await findRole(ctx, role) : undefined
  const changed = kind === 'change-role' ? await findRole(ctx, targetName) : undefined
  const leaves = user !== undefined && role !== undefined && role !== user.role
  const weakens = leaves && (await policiesNaming(ctx, 'role', user.role)).length > 0
  return [
    'users:write',
    permissionFor(approval),
    ...(role !== undefined && role !== (user?.role ?? 'user') ? (['roles:write'] as const) : []),
    ...(weakens ? (['policy:write'] as const) : []),
    ...(groups !== undefined ? (['groups:write'] as const) : []),
    ...(user?.rolePermissions ?? []),
    ...(given?.permissions ?? []),
    ...(changed?.permissions ?? []),
    ...permissions,
  ]
}

/** How many are notified of a request, admins first: a role may be that of many users. */
const MOST_DECIDERS = 100

/**
 * Returns who may see and approve a request now, 100 at most, the admins first. Neither the one who asked nor the person concerned is among
 * them.
 */
export async function findDeciders(ctx: With<'db' | 'now'>, approval: Approval): Promise<User[]> {
  const { actor, target } = approval
  const needed = await permissionsToDecide(ctx, approval)
  const roles = [builtInRole('admin'), ...(await listStoredRoles(ctx))].flatMap((role) =>
    role !== undefined && mayManage(role.permissions, ['users:read', ...needed]) ? [role.name] : [],
  )
  const found = await findActingHolders(ctx, { roles, most: MOST_DECIDERS + 2 })
  return found.filter(({ subject }) => subject !== actor && subject !== target).slice(0, MOST_DECIDERS)
}
