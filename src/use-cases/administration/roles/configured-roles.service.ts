// Brings the roles of the configuration into the table at a start.
import { narrowApiTokensOfRole } from '#domain/api-tokens/api-token.service.ts'
import { recordEvent } from '#domain/audit/audit.service.ts'
import { auditedChange, type ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { insertNewRole, listStoredRoles, writeRole } from '#domain/roles/role.service.ts'
import { addedPermissions, lostPermissions, type Role } from '#domain/roles/role.ts'
import type { InTransaction } from '#foundation/context.ts'
import { LostUpdate } from '#foundation/kernel/optimistic-locking.ts'
import type { Permission } from '#foundation/kernel/principal.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'

/** A role that the configuration took permissions from. */
export interface NarrowedRole {
  readonly role: string
  readonly removed: readonly Permission[]
}

/**
 * Makes and changes the roles that the configuration declares, and takes the permissions of those that it no longer declares, which can be
 * changed on pages from then on. Each change is an event, once for all nodes that start with the same setting. Returns the roles that lost
 * permissions.
 */
export function applyConfiguredRoles(ctx: ChangeDeps): Promise<readonly NarrowedRole[]> {
  return auditedChange(ctx, {}, async (tx) => {
    const stored = new Map((await listStoredRoles(tx)).map((role) => [role.name, role]))
    const declared = new Map(tx.config.roles.map(({ name, permissions }) => [name, permissions]))
    for (const [name, permissions] of declared) await declareRole(tx, stored.get(name), { name, permissions })
    for (const role of stored.values()) {
      if (role.origin === 'configuration' && !declared.has(role.name)) await withdrawRole(tx, role)
    }
    return [...stored.values()].flatMap(({ name, origin, permissions }) => {
      const after = declared.get(name) ?? (origin === 'configuration' ? [] : permissions)
      const removed = lostPermissions(permissions, after)
      return removed.length === 0 ? [] : [{ role: name, removed }]
    })
  })
}

async function declareRole(
  ctx: InTransaction<ChangeDeps>,
  stored: Role | undefined,
  { name, permissions }: Pick<Role, 'name' | 'permissions'>,
): Promise<void> {
  if (stored === undefined) {
    const role = { name, description: '', permissions, origin: 'configuration' } as const
    await insertNewRole(ctx, role).catch(asConflict)
    return recordConfigured(ctx, name, { before: [], after: permissions })
  }
  const isSame = stored.permissions.join(' ') === permissions.join(' ')
  if (isSame && stored.origin === 'configuration') return
  await rewrite(ctx, stored, { ...stored, permissions, origin: 'configuration' })
}

function withdrawRole(ctx: InTransaction<ChangeDeps>, role: Role): Promise<void> {
  return rewrite(ctx, role, { ...role, permissions: [], origin: 'pages' })
}

async function rewrite(ctx: InTransaction<ChangeDeps>, before: Role, after: Role): Promise<void> {
  await writeRole(ctx, after)
  const removed = lostPermissions(before.permissions, after.permissions)
  if (removed.length > 0) await narrowApiTokensOfRole(ctx, { role: before.name, removed })
  await recordConfigured(ctx, before.name, { before: before.permissions, after: after.permissions })
}

async function recordConfigured(
  ctx: ChangeDeps,
  role: string,
  { before, after }: Readonly<Record<'before' | 'after', readonly Permission[]>>,
): Promise<void> {
  const added = addedPermissions(before, after).join(' ')
  const removed = addedPermissions(after, before).join(' ')
  await recordEvent(ctx, { action: 'role.configured', details: { role, added, removed } })
}

/** Another node has made the role in this moment: the next run finds it. */
function asConflict(error: unknown): never {
  if (error instanceof Refusal && error.code === 'role.name_taken') throw new LostUpdate()
  throw error
}
