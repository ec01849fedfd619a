// What users with `roles:write` and the operator do with roles. Each change is authorized again, and checked by the permissions concerned.
import { narrowApiTokensOfRole } from '#domain/api-tokens/api-token.service.ts'
import type { Given } from '#domain/approvals/approval-change.ts'
import { recordEvent } from '#domain/audit/audit.service.ts'
import { auditedChange, type ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { clientsAllowing } from '#domain/clients/client.service.ts'
import { hostsNaming } from '#domain/hosts/host.service.ts'
import { policiesNaming } from '#domain/policies/store/named-scope.service.ts'
import {
  findRole,
  insertNewRole,
  listStoredRoles,
  readRole,
  removeRole,
  writeRole,
} from '#domain/roles/role.service.ts'
import {
  addedPermissions,
  builtInRole,
  fieldErrorsInDescription,
  fieldErrorsInRole,
  lostPermissions,
  orderedPermissions,
  type Role,
} from '#domain/roles/role.ts'
import { countUsersOfRoles, isRoleHeldByOthers } from '#domain/users/role-users.service.ts'
import type { With } from '#foundation/context.ts'
import type { Precondition } from '#foundation/kernel/optimistic-locking.ts'
import { actorOf, BUILT_IN_ROLES, type Permission } from '#foundation/kernel/principal.ts'
import { Refusal, requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import { requireApproval } from '../access/approval-gate.service.ts'
import { requireMayManage } from '../access/role-grant.service.ts'

export interface RoleWithUsers {
  readonly role: Role
  /** How many users have it. An unknown role counts as `user`. */
  readonly users: number
}

/** Returns all roles: the built-in ones, then the others in the order of their names. */
export async function listRoles(ctx: With<'db' | 'now'>): Promise<RoleWithUsers[]> {
  const builtIn = BUILT_IN_ROLES.flatMap((name) => builtInRole(name) ?? [])
  return withUsers(ctx, [...builtIn, ...(await listStoredRoles(ctx))])
}

/** Returns one role. Throws `role.not_found`. */
export async function readRoleWithUsers(ctx: With<'db' | 'now'>, name: string): Promise<RoleWithUsers> {
  const role = await readRole(ctx, name)
  const [found = { role, users: 0 }] = await withUsers(ctx, [role])
  return found
}

async function withUsers(ctx: With<'db' | 'now'>, roles: readonly Role[]): Promise<RoleWithUsers[]> {
  const counts = await countUsersOfRoles(
    ctx,
    roles.map(({ name }) => name),
  )
  return roles.map((role) => ({ role, users: counts.get(role.name) ?? 0 }))
}

export type NewRole = Pick<Role, 'name' | 'description' | 'permissions'>
/** What is left out stays. */
export type RoleChanges = Given<'change-role'>

/**
 * Makes a role. Throws `request.validation_failed`, `role.name_taken` and `role.beyond_own`. A role with permissions needs a second admin
 * under the two-person rule: a user of an external row may have its name already.
 */
export async function createRole(ctx: ChangeDeps, wanted: NewRole): Promise<Role> {
  requireNoFieldErrors(fieldErrorsInRole(wanted))
  const { name, description } = wanted
  const permissions = orderedPermissions(wanted.permissions)
  return auditedChange(ctx, { action: 'role.created', details: { role: name } }, async (tx) => {
    requireMayManage(tx.principal, permissions)
    if ((await findRole(tx, name)) !== undefined) throw new Refusal('role.name_taken')
    const values = { description, permissions }
    // A change of a role concerns no single user.
    if (permissions.length > 0) await requireApproval(tx, { kind: 'create-role', newName: name, values }, null)
    const role = await insertNewRole(tx, { name, description, permissions, origin: 'pages' })
    const details = { role: name, permissions: permissions.join(' ') }
    await recordEvent(tx, { action: 'role.created', details })
    return role
  })
}

/**
 * Changes what a role permits, or its description. What it takes away ends with the next request, and for good in API tokens. Throws
 * `request.validation_failed`, `role.not_found`, `role.fixed`, `role.beyond_own`; with a precondition `resource.stale`. Under the
 * two-person rule, permissions that are added need a second admin, and those that are taken from a role that another user has.
 */
export async function changeRole(
  ctx: ChangeDeps,
  name: string,
  { description, permissions: wanted }: RoleChanges,
  precondition?: Precondition<Role>,
): Promise<Role> {
  const permissions = wanted && orderedPermissions(wanted)
  requireNoFieldErrors(fieldErrorsInDescription(description ?? ''))
  return auditedChange(ctx, { action: 'role.changed', details: { role: name } }, async (tx) => {
    const role = await readChangeableRole(tx, name, precondition)
    const after = { ...role, ...(description !== undefined && { description }), ...(permissions && { permissions }) }
    requireMayManage(tx.principal, role.permissions, after.permissions)
    const added = addedPermissions(role.permissions, after.permissions)
    const removed = addedPermissions(after.permissions, role.permissions)
    if (added.length + removed.length === 0 && after.description === role.description) return role
    // A user who gets the role in a parallel transaction gets it as if that had come after this one, so no lock is needed.
    const others = removed.length > 0 && (await isRoleHeldByOthers(tx, name, actorOf(tx.principal)))
    const request = { kind: 'change-role', newName: name, values: { description, permissions } } as const
    if (added.length > 0 || others) await requireApproval(tx, request, null)
    const changed = await writeRole(tx, after)
    const lost = lostPermissions(role.permissions, after.permissions)
    const narrowed = lost.length === 0 ? 0 : await narrowApiTokensOfRole(tx, { role: name, removed: lost })
    await recordEvent(tx, {
      action: 'role.changed',
      details: { role: name, ...inWords({ added, removed }), api_tokens: narrowed },
    })
    return changed
  })
}

function inWords({ added, removed }: Readonly<Record<'added' | 'removed', readonly Permission[]>>) {
  return { added: added.join(' '), removed: removed.join(' ') }
}

/**
 * Deletes a role. Throws `role.not_found`, `role.fixed`, `role.beyond_own`, `role.named_by_policy` with the names of the policies, `role.named_by_app`
 * and `role.named_by_host` with those of the apps and hosts, and `role.in_use` with the number of its users; with a precondition `resource.stale`.
 */
export function deleteRole(ctx: ChangeDeps, name: string, precondition?: Precondition<Role>): Promise<void> {
  return auditedChange(ctx, { action: 'role.deleted', details: { role: name } }, async (tx) => {
    const role = await readChangeableRole(tx, name, precondition)
    requireMayManage(tx.principal, role.permissions)
    // First the row, which waits for transactions that give the role to users or name it in a policy, so that none of them is missed.
    await removeRole(tx, role)
    const policies = await policiesNaming(tx, 'role', name)
    if (policies.length > 0) throw new Refusal('role.named_by_policy', { policies })
    const apps = await clientsAllowing(tx, 'role', name)
    if (apps.length > 0) throw new Refusal('role.named_by_app', { apps })
    const hosts = await hostsNaming(tx, 'roles', name)
    if (hosts.length > 0) throw new Refusal('role.named_by_host', { hosts })
    const users = (await countUsersOfRoles(tx, [name])).get(name) ?? 0
    if (users > 0) throw new Refusal('role.in_use', { users })
    await recordEvent(tx, { action: 'role.deleted', details: { role: name, permissions: role.permissions.join(' ') } })
  })
}

async function readChangeableRole(ctx: With<'db'>, name: string, precondition?: Precondition<Role>): Promise<Role> {
  const role = await readRole(ctx, name)
  if (role.origin !== 'pages') throw new Refusal('role.fixed')
  precondition?.(role)
  return role
}
