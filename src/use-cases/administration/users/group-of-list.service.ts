// Finds the group that a list of users is limited to.
import { findGroupByName } from '#domain/groups/group.service.ts'
import type { SizedGroup } from '#domain/groups/group.ts'
import { sizeOfGroup } from '#domain/groups/membership.service.ts'
import type { With } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'

/** The same for a page, on which an unknown group has no members. */
export async function groupOfPage(ctx: With<'db'>, name: string | undefined): Promise<SizedGroup | undefined> {
  if (name === undefined) return undefined
  const group = await findGroupByName(ctx, name)
  return group === undefined ? { id: '', isLarge: false } : sizeOfGroup(ctx, group.id)
}

/** Returns the group with this name; undefined without a name. Throws `request.validation_failed` at `/group` for an unknown one. */
export async function groupOfList(ctx: With<'db'>, name: string | undefined): Promise<SizedGroup | undefined> {
  if (name === undefined) return undefined
  const group = await findGroupByName(ctx, name)
  if (group !== undefined) return sizeOfGroup(ctx, group.id)
  throw new Refusal('request.validation_failed', { fieldErrors: [{ pointer: '/group', code: 'group.unknown' }] })
}
