// What an app's row refers to: groups whose names it gets, and attributes that it gets as claims.
import { holdAttributes } from '#domain/attributes/attribute.service.ts'
import { type ClientAttribute, type ClientFields, NEW_CLIENT } from '#domain/clients/client.ts'
import { findGroup, groupNamesByIds, holdIfExists } from '#domain/groups/group.service.ts'
import { findSharedRole } from '#domain/roles/role.service.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import { actorOf } from '#foundation/kernel/principal.ts'
import { requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import type { AppChanges, AppFields } from './app-request.ts'

type Deps = With<'db' | 'principal'>

/**
 * Returns the fields as they can be stored: an attribute that is new in the app is allowed by the principal, and groups and attributes of the
 * app that were deleted since are left out. Throws `request.validation_failed` for others that do not exist.
 */
export async function resolveReferences(
  ctx: InTransaction<Deps>,
  wanted: AppFields,
  before: ClientFields = NEW_CLIENT,
): Promise<ClientFields> {
  await requireAllowed(ctx, wanted)
  return {
    ...wanted,
    sharedGroups: await sharedOf(ctx, wanted, before),
    attributes: await attributesOf(ctx, wanted, before),
  }
}

/** Roles and groups that may use the app are locked, so that none of them is deleted at the same time. */
async function requireAllowed(ctx: Deps, { allowedRoles, allowedGroups }: AppFields): Promise<void> {
  for (const role of allowedRoles) {
    if ((await findSharedRole(ctx, role)) === undefined)
      requireNoFieldErrors([{ pointer: '/allowed_roles', code: 'app.role_unknown' }])
  }
  for (const id of allowedGroups) {
    if ((await holdIfExists(ctx, id)) === undefined)
      requireNoFieldErrors([{ pointer: '/allowed_groups', code: 'app.group_unknown' }])
  }
}

async function sharedOf(
  ctx: Deps,
  { sharedGroups }: AppFields,
  before: ClientFields,
): Promise<ClientFields['sharedGroups']> {
  if (sharedGroups === 'all') return sharedGroups
  const found: string[] = []
  for (const id of sharedGroups) {
    if ((await findGroup(ctx, id)) !== undefined) found.push(id)
    else if (!before.sharedGroups.includes(id))
      requireNoFieldErrors([{ pointer: '/shared_groups', code: 'app.group_unknown' }])
  }
  return found
}

async function attributesOf(
  ctx: InTransaction<Deps>,
  { attributes }: AppFields,
  before: ClientFields,
): Promise<ClientAttribute[]> {
  if (attributes.length === 0) return []
  // Locked, so that a parallel deletion of an attribute does not leave its key behind here.
  const known = new Set((await holdAttributes(ctx)).map(({ key }) => key))
  const found = attributes.filter(({ key }) => known.has(key) || !before.attributes.some((one) => one.key === key))
  if (!found.every(({ key }) => known.has(key)))
    requireNoFieldErrors([{ pointer: '/attributes', code: 'app.attribute_unknown' }])
  return found.map((one) => allowedAttribute(ctx, one, before))
}

function allowedAttribute(
  { principal }: Deps,
  { key, claim }: AppFields['attributes'][number],
  before: ClientFields,
): ClientAttribute {
  const same = before.attributes.find((one) => one.key === key && one.claim === claim)
  return same ?? { key, claim, allowedBy: actorOf(principal) }
}

/** Returns the names of the groups in fields of an app, for the person who decides about it; undefined for all groups. */
export async function namesInRequest(ctx: With<'db'>, { sharedGroups, allowedGroups }: AppChanges) {
  return {
    sharedGroupNames: sharedGroups === 'all' ? undefined : sharedGroups && (await groupNamesByIds(ctx, sharedGroups)),
    allowedGroupNames: allowedGroups && (await groupNamesByIds(ctx, allowedGroups)),
  }
}
