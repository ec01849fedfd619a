// The groups that everyone who registers joins: the operator chooses them, never the person who registers.
import { findGroupByName, type GroupChangeDeps, holdIfExists } from '#domain/groups/group.service.ts'
import type { Group } from '#domain/groups/group.ts'
import { joinGroup } from '#domain/groups/membership.service.ts'
import type { User } from '#domain/users/user.ts'
import type { With } from '#foundation/context.ts'

/**
 * Adds a new user to the groups of the setting, in the transaction that creates the user. A name that no group has is left out, also where
 * the group is deleted meanwhile: the person who registers could not correct it, and the check-up names it.
 */
export async function joinRegistrationGroups(tx: GroupChangeDeps & With<'config'>, user: User): Promise<void> {
  const { found } = await registrationGroups(tx)
  for (const { id } of found) {
    const group = await holdIfExists(tx, id)
    if (group !== undefined) await joinGroup(tx, group, user)
  }
}

/** Returns the groups of the setting, and its names that no group has. */
export async function registrationGroups(
  ctx: With<'db' | 'config'>,
): Promise<{ readonly found: readonly Group[]; readonly unknown: readonly string[] }> {
  const found: Group[] = []
  const unknown: string[] = []
  for (const name of ctx.config.registration.groups) {
    const group = await findGroupByName(ctx, name)
    if (group === undefined) unknown.push(name)
    else found.push(group)
  }
  return { found, unknown }
}
