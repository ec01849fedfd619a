// Decides by the permissions of a principal what it may do to users and roles, whatever its route allows.
import { findSharedRole } from '#domain/roles/role.service.ts'
import { mayManage } from '#domain/roles/role.ts'
import { staleAuthentication } from '#domain/sessions/reauthentication.ts'
import type { With } from '#foundation/context.ts'
import { type Permission, permissionsOf, type Principal } from '#foundation/kernel/principal.ts'
import { Refusal, requireNoFieldErrors } from '#foundation/kernel/refusal.ts'

/**
 * Throws `role.beyond_own` unless the principal has all permissions that the user or role has, and all that it has after the change. An API
 * token has those of its scopes.
 */
export function requireMayManage(
  principal: Principal,
  before: readonly Permission[],
  after: readonly Permission[] = before,
): void {
  if (!mayManage(permissionsOf(principal), before, after)) throw new Refusal('role.beyond_own')
}

/**
 * Throws `role.beyond_help` for a user with permissions, whom the help desk does not reach, unless the principal has one of the permissions
 * that reach further.
 */
export function requireHelpable(
  principal: Principal,
  { rolePermissions }: { readonly rolePermissions: readonly Permission[] },
  ...further: readonly Permission[]
): void {
  const own = permissionsOf(principal)
  if (rolePermissions.length === 0 || further.some((permission) => own.includes(permission))) return
  throw new Refusal('role.beyond_help')
}

/**
 * Returns the permissions of the role that a user gets. Throws `request.validation_failed`, at `/role`, for a role that does not exist;
 * `role.grant_forbidden` without `roles:write`, unless the role stays or a new user gets the role `user`; and `role.beyond_own`. Inside a
 * transaction the role stays as it is until the end of it.
 */
export async function requireGrantableRole(
  ctx: With<'db' | 'principal'>,
  name: string,
  before = 'user',
): Promise<readonly Permission[]> {
  const role = await findSharedRole(ctx, name)
  if (role === undefined) {
    requireNoFieldErrors([{ pointer: '/role', code: 'role.unknown' }])
    return []
  }
  if (name !== before && !permissionsOf(ctx.principal).includes('roles:write')) {
    throw new Refusal('role.grant_forbidden')
  }
  requireMayManage(ctx.principal, role.permissions)
  return role.permissions
}

/**
 * Throws `access.reauthentication_required` for permissions that are given if the authentication is not recent, so that a stolen session
 * cannot create a second account with permissions.
 */
export function requireFreshAuthenticationToGrant(
  ctx: With<'principal' | 'now' | 'config'>,
  given: readonly Permission[],
): void {
  if (given.length === 0) return
  const stale = staleAuthentication(ctx.principal, ctx.now, ctx.config.reauthenticationLifetime)
  if (stale !== undefined) throw stale
}
