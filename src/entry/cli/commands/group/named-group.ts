import { findGroup, findGroupByName } from '#domain/groups/group.service.ts'
import type { Group } from '#domain/groups/group.ts'
import type { With } from '#foundation/context.ts'
import { CliFailure } from '../../terminal/failure.ts'
import { printable } from '../../terminal/output.ts'

export const GROUP_ARGUMENT = 'name or id of the group'

/** Returns the group that the word names; a name takes precedence over an id. Undefined if there is none. */
export async function findNamedGroup(ctx: With<'db'>, word: string): Promise<Group | undefined> {
  return (await findGroupByName(ctx, word)) ?? findGroup(ctx, word)
}

/** Returns the same. Throws `group.not_found`. */
export async function namedGroup(ctx: With<'db'>, word: string): Promise<Group> {
  const group = await findNamedGroup(ctx, word)
  if (group !== undefined) return group
  throw CliFailure.refusal('group.not_found', `No group "${printable(word)}".`)
}
