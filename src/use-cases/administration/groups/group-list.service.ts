// Adds the users of a list to a group, each in a transaction of its own.
import type { ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { requireStillAuthorized } from '#domain/authorization/authorization.service.ts'
import type { AddedLine } from '#domain/groups/added-members.ts'
import { readGroup } from '#domain/groups/group.service.ts'
import { addEach } from '#domain/groups/listed-members.service.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { findUserBy } from '../users/find-user.service.ts'
import { addGroupMember, requireGroupsPermission } from './groups.service.ts'

/**
 * Adds users by username, email, id or subject; returns what came of each entry. Throws `group.not_found`, and for a right that ended
 * while the list was sent `access.invalid_token`.
 */
export async function addListedMembers(ctx: ChangeDeps, id: string, words: readonly string[]): Promise<AddedLine[]> {
  // The right to it may have ended while the list was sent, and an entry that is refused for that reason would be a report (TOCTOU).
  requireGroupsPermission(await requireStillAuthorized(ctx))
  await readGroup(ctx, id)
  return addEach(words, async (word) => {
    const { user } = await findUserBy(ctx, word)
    if (user === undefined) throw new Refusal('user.not_found')
    return { user, isNew: await addGroupMember(ctx, id, user) }
  })
}
