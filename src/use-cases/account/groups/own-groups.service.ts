// What the managers of a group do with its members. To everyone else the group is unknown.
import type { EventAction } from '#domain/audit/event.ts'
import { auditedChange } from '#domain/authorization/audited-change.service.ts'
import type { AddedLine } from '#domain/groups/added-members.ts'
import { holdGroup, readGroup } from '#domain/groups/group.service.ts'
import type { Group } from '#domain/groups/group.ts'
import { addEach } from '#domain/groups/listed-members.service.ts'
import { isMemberOf, joinGroup, leaveGroup, managesGroup } from '#domain/groups/membership.service.ts'
import { checkingStops } from '#domain/policies/rollout/time-to-act.service.ts'
import { requireJoinable, requireReducible } from '#domain/policies/store/named-scope.service.ts'
import { guessAtName } from '#domain/throttle/guess.service.ts'
import { consumeGuess, recordFailure, refundGuess, refusing } from '#domain/throttle/throttle.service.ts'
import { findUserByEmail, findUserById, findUserByName } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import type { InTransaction, WithAuthenticated } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'

type Deps = WithAuthenticated<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config' | 'limits'>

/** Returns a group that the principal manages. Throws `group.not_found` for any other group, so that ids cannot be probed. */
export async function readManagedGroup(ctx: WithAuthenticated<'db'>, id: string): Promise<Group> {
  const group = await readGroup(ctx, id)
  if (await managesGroup(ctx, group.id, ctx.principal.user.subject)) return group
  throw new Refusal('group.not_found')
}

/**
 * Adds users by username or confirmed email; returns what came of each entry. An unknown name counts as a guess, because the answer
 * reveals that no user has it (enumeration): after twenty of them the next one waits. A user who may do more than the principal is refused if
 * a policy names the group, and under the two-person rule a user with permissions whom the policy would stop within a week. Throws `group.not_found` for a group that the principal does not manage.
 */
export async function addToManagedGroup(ctx: Deps, id: string, words: readonly string[]): Promise<AddedLine[]> {
  await withManagedGroup(ctx, id, 'group.member_added', () => Promise.resolve())
  return addEach(words, async (word) => {
    const found = await findExactly(ctx, word)
    const join = async (tx: InTransaction<Deps>, group: Group): Promise<boolean> => {
      // The user may have been given a role with permissions since (TOCTOU).
      const user = await findUserById(tx, found.id)
      if (user === undefined) throw new Refusal('user.not_found')
      await requireJoinable(tx, group.id, user)
      const { result: isNew, stops } = await checkingStops(tx, user, () => joinGroup(tx, group, user))
      if (stops) throw new Refusal('group.second_admin_needed')
      return isNew
    }
    return { user: found, isNew: await withManagedGroup(ctx, id, 'group.member_added', join) }
  })
}

/** Returns the user with exactly this username or confirmed email. Throws `user.not_found` and `throttle.blocked`. */
async function findExactly(ctx: Deps, word: string): Promise<User> {
  const guess = guessAtName(ctx)
  await consumeGuess(ctx, guess)
  // Both queries run for every word, so that the time does not reveal which of them found a user.
  const byName = await findUserByName(ctx, word.trim())
  const byEmail = await findUserByEmail(ctx, word.trim())
  const user = byName ?? byEmail
  if (user === undefined) {
    await refusing(ctx, guess, (tx) => recordFailure(tx, guess))
    throw new Refusal('user.not_found')
  }
  await refundGuess(ctx, guess)
  return user
}

/**
 * Removes a member; does nothing for a user who is not in the group or does not exist, which the answer does not distinguish. Throws
 * `group.not_found` for a group that the principal does not manage; if a policy names the group, `group.policy_needed` without
 * `policy:write`, and `access.reauthentication_required` without recent authentication.
 */
export function removeFromManagedGroup(ctx: Deps, id: string, userId: number): Promise<void> {
  return withManagedGroup(ctx, id, 'group.member_removed', async (tx, group) => {
    await requireReducible(tx, 'group', group.id)
    const user = await findUserById(tx, userId)
    if (user !== undefined && (await isMemberOf(tx, group.id, user.subject))) await leaveGroup(tx, group, user)
  })
}

/** Runs a change of a group in one authorized transaction, in which the principal manages the group and stays its manager. */
async function withManagedGroup<Result>(
  ctx: Deps,
  id: string,
  action: EventAction,
  work: (tx: InTransaction<Deps>, group: Group) => Promise<Result>,
): Promise<Result> {
  return auditedChange(ctx, { action }, async (tx, facts) => {
    const group = await holdGroup(tx, id)
    if (!(await managesGroup(tx, group.id, tx.principal.user.subject))) throw new Refusal('group.not_found')
    facts.details = { group: group.name }
    return work(tx, group)
  })
}
