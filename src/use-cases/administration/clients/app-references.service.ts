// What an app's row refers to: groups whose names it gets, and attributes that it gets as claims.
import { listAttributes } from '#domain/attributes/attribute.service.ts'
import type { ClientAttribute, ClientFields } from '#domain/clients/client.ts'
import { findGroup } from '#domain/groups/group.service.ts'
import type { With } from '#foundation/context.ts'
import { actorOf } from '#foundation/kernel/principal.ts'
import { requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import type { AppFields } from './app-request.ts'

type Deps = With<'db' | 'principal'>

/**
 * Returns the fields as they can be stored: an attribute that is new in the app is allowed by the principal, and groups of the app that were
 * deleted since are left out. Throws `request.validation_failed` for a group or an attribute that does not exist.
 */
export async function resolveReferences(ctx: Deps, wanted: AppFields, before?: ClientFields): Promise<ClientFields> {
  const toldGroups =
    wanted.toldGroups === 'all' ? wanted.toldGroups : await existingGroups(ctx, wanted.toldGroups, before)
  await requireAttributes(ctx, wanted)
  const attributes = wanted.attributes.map((one) => allowedAttribute(ctx, one, before))
  return { ...wanted, toldGroups, attributes }
}

async function existingGroups(ctx: Deps, ids: readonly string[], before?: ClientFields): Promise<string[]> {
  const told = before?.toldGroups ?? []
  const found: string[] = []
  for (const id of ids) {
    if ((await findGroup(ctx, id)) !== undefined) found.push(id)
    else if (!told.includes(id)) requireNoFieldErrors([{ pointer: '/told_groups', code: 'app.group_unknown' }])
  }
  return found
}

async function requireAttributes(ctx: Deps, { attributes }: AppFields): Promise<void> {
  if (attributes.length === 0) return
  const known = new Set((await listAttributes(ctx)).map(({ key }) => key))
  if (!attributes.every(({ key }) => known.has(key)))
    requireNoFieldErrors([{ pointer: '/attributes', code: 'app.attribute_unknown' }])
}

function allowedAttribute(
  { principal }: Deps,
  { key, claim }: AppFields['attributes'][number],
  before?: ClientFields,
): ClientAttribute {
  const same = before?.attributes.find((one) => one.key === key && one.claim === claim)
  return same ?? { key, claim, allowedBy: actorOf(principal) }
}

/** Returns the names of the groups whose names an app gets, for the person who decides about it; undefined for all groups. */
export async function toldGroupNames(
  ctx: With<'db'>,
  told: ClientFields['toldGroups'] | undefined,
): Promise<string[] | undefined> {
  if (told === undefined || told === 'all') return undefined
  const groups = await Promise.all(told.map((id) => findGroup(ctx, id)))
  return groups.flatMap((group) => group?.name ?? [])
}
