// What admins do with groups: each change in one authorized transaction, with its event.
import type { EventAction } from '#domain/audit/event.ts'
import { auditedChange, type ChangeDeps, type ChangeFacts } from '#domain/authorization/audited-change.service.ts'
import { clientsAllowing } from '#domain/clients/client.service.ts'
import {
  deleteGroupOf,
  findGroupByName,
  holdGroup,
  lockGroup,
  storeGroup,
  updateGroup,
} from '#domain/groups/group.service.ts'
import { type Group, type GroupFields, MOST_GROUPS } from '#domain/groups/group.ts'
import { appointManager, dismissManager, joinGroup, leaveGroup } from '#domain/groups/membership.service.ts'
import { hostsNaming } from '#domain/hosts/host.service.ts'
import { checkingStops } from '#domain/policies/rollout/time-to-act.service.ts'
import { requireJoinable, requireReducible, requireUnnamed } from '#domain/policies/store/named-scope.service.ts'
import type { User } from '#domain/users/user.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import type { Precondition } from '#foundation/kernel/optimistic-locking.ts'
import { permissionsOf, type Principal } from '#foundation/kernel/principal.ts'
import { Refusal, requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import { readUser, type UserRef } from '../access/access.service.ts'
import { requireApproval } from '../access/approval-gate.service.ts'

/** Creates a group. Throws `request.validation_failed`, `group.name_taken`, `group.too_many`. */
export function createGroup(ctx: ChangeDeps, fields: GroupFields & { readonly name: string }): Promise<Group> {
  return auditedChange(ctx, { action: 'group.created' }, (tx) => storeGroup(tx, fields))
}

/** Changes name and description. Throws `group.not_found`, `request.validation_failed`, `group.name_taken`, `resource.stale`. */
export function changeGroup(
  ctx: ChangeDeps,
  id: string,
  fields: GroupFields,
  precondition?: Precondition<Group>,
): Promise<Group> {
  return withGroup(ctx, { id, action: 'group.changed', take: lockGroup }, (tx, group) => {
    precondition?.(group)
    return updateGroup(tx, group, fields)
  })
}

/**
 * Deletes a group; its members stay users. Throws `group.not_found`, `resource.stale`, `group.named_by_policy`, `group.named_by_app`,
 * `group.named_by_host`.
 */
export function deleteGroup(ctx: ChangeDeps, id: string, precondition?: Precondition<Group>): Promise<void> {
  return withGroup(ctx, { id, action: 'group.deleted', take: lockGroup }, async (tx, group) => {
    precondition?.(group)
    await requireUnnamed(tx, group.id)
    const apps = await clientsAllowing(tx, 'group', group.id)
    if (apps.length > 0) throw new Refusal('group.named_by_app', { apps })
    const hosts = await hostsNaming(tx, 'groups', group.id)
    if (hosts.length > 0) throw new Refusal('group.named_by_host', { hosts })
    await deleteGroupOf(tx, group)
  })
}

/**
 * Adds a user to a group; returns false for a member. Throws `group.not_found`, `user.not_found`; if a policy names the group,
 * `role.beyond_own` for a user who may do more than the principal. It needs a second admin under the two-person rule, if a policy of the group
 * would stop another user with permissions within a week.
 */
export function addGroupMember(ctx: ChangeDeps, id: string, ref: UserRef): Promise<boolean> {
  return withMember(ctx, { id, action: 'group.member_added', take: holdGroup }, ref, async (tx, group, user) => {
    await requireJoinable(tx, group.id, user)
    const { result: isNew, stops } = await checkingStops(tx, user, () => joinGroup(tx, group, user))
    const values = { group: group.name, groupId: group.id }
    if (stops) await requireApproval(tx, { kind: 'add-member', values }, user)
    return isNew
  })
}

/**
 * Removes a user from a group; returns false for one who is no member. Throws `group.not_found`, `user.not_found`; if a policy names the
 * group, `group.policy_needed` without `policy:write`, and `access.reauthentication_required` without recent authentication.
 */
export function removeGroupMember(ctx: ChangeDeps, id: string, ref: UserRef): Promise<boolean> {
  return withMember(ctx, { id, action: 'group.member_removed', take: holdGroup }, ref, async (tx, group, user) => {
    await requireReducible(tx, 'group', group.id)
    return leaveGroup(tx, group, user)
  })
}

/** Lets a user manage a group; returns false for a manager. Throws `group.not_found`, `user.not_found`, `group.too_many_managers`. */
export function addGroupManager(ctx: ChangeDeps, id: string, ref: UserRef): Promise<boolean> {
  // The lock is exclusive, so that two parallel requests cannot both count one manager below the limit.
  return withMember(ctx, { id, action: 'group.manager_added', take: lockGroup }, ref, appointManager)
}

/** Ends that; returns false for a user who is no manager. Throws `group.not_found`, `user.not_found`. */
export function removeGroupManager(ctx: ChangeDeps, id: string, ref: UserRef): Promise<boolean> {
  return withMember(ctx, { id, action: 'group.manager_removed', take: holdGroup }, ref, dismissManager)
}

/** Throws `access.insufficient_permissions` where a use case that another permission opens changes members too. */
export function requireGroupsPermission(principal: Principal): void {
  if (!permissionsOf(principal).includes('groups:write')) throw new Refusal('access.insufficient_permissions')
}

/**
 * Returns the groups with these names, which an admin chooses for a new user. Throws `access.insufficient_permissions` without `groups:write`,
 * and `request.validation_failed`, at `/groups`, for a name that no group has and for more than `MOST_GROUPS`.
 */
export async function groupsNamed(
  ctx: With<'db' | 'principal'>,
  names: readonly string[],
): Promise<readonly Pick<Group, 'id'>[]> {
  if (names.length > 0) requireGroupsPermission(ctx.principal)
  const pointer = '/groups'
  if (names.length > MOST_GROUPS)
    requireNoFieldErrors([{ pointer, code: 'field.too_many', facts: { maximum: MOST_GROUPS } }])
  const found: Group[] = []
  for (const name of names) {
    const group = await findGroupByName(ctx, name)
    if (group === undefined) requireNoFieldErrors([{ pointer, code: 'group.unknown' }])
    else found.push(group)
  }
  return found
}

/**
 * Adds a user to groups inside the transaction that creates the user, who has no second factor that a policy could disallow; a user with
 * permissions is created by a second admin as a whole. Throws `group.not_found`.
 */
export async function joinGroups(tx: ChangeDeps, groups: readonly Pick<Group, 'id'>[], user: User): Promise<void> {
  for (const { id } of groups) await joinGroup(tx, await holdGroup(tx, id), user)
}

interface GroupChange {
  readonly id: string
  readonly action: EventAction
  /** How the row of the group is locked. */
  readonly take: typeof holdGroup
}

function withMember(
  ctx: ChangeDeps,
  change: GroupChange,
  ref: UserRef,
  work: (tx: InTransaction<ChangeDeps>, group: Group, user: User) => Promise<boolean>,
): Promise<boolean> {
  return withGroup(ctx, change, async (tx, group, facts) => {
    const user = await readUser(tx, ref)
    facts.target = user.subject
    return work(tx, group, user)
  })
}

function withGroup<Result>(
  ctx: ChangeDeps,
  { id, action, take }: GroupChange,
  work: (tx: InTransaction<ChangeDeps>, group: Group, facts: ChangeFacts) => Promise<Result>,
): Promise<Result> {
  return auditedChange(ctx, { action }, async (tx, facts) => {
    requireGroupsPermission(tx.principal)
    const group = await take(tx, id)
    facts.details = { group: group.name }
    return work(tx, group, facts)
  })
}
