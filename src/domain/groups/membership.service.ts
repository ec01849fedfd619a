// Who is in a group, and who manages it.
import { recordEvent } from '#domain/audit/audit.service.ts'
import type { EventAction } from '#domain/audit/event.ts'
import { completeRow } from '#domain/users/external-rows/external-row.service.ts'
import { foldName, type User } from '#domain/users/user.ts'
import type { With } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { storableText } from '#foundation/kernel/storable-text.ts'
import type { GroupChangeDeps } from './group.service.ts'
import { type Group, MANAGERS_MAXIMUM, type Member, type SizedGroup } from './group.ts'
import * as queries from './member.queries.ts'

/** Adds a user to a group that is held; returns false for a member. Throws `user.not_found` for one who was deleted meanwhile. */
export async function joinGroup(ctx: GroupChangeDeps, group: Group, user: User): Promise<boolean> {
  // Lists of members go by the username key, which an externally inserted row may lack.
  if (user.insertedExternally) await completeRow(ctx, user.id)
  return addTo(ctx, 'group_member', { group, user, action: 'group.member_added' })
}

/** Removes a user from a group; returns false for one who is no member. The caller has checked that no policy forbids it. */
export function leaveGroup(ctx: GroupChangeDeps, group: Group, user: User): Promise<boolean> {
  return removeFrom(ctx, 'group_member', { group, user, action: 'group.member_removed' })
}

/** Lets a user manage a group that is locked; returns false for a manager. Throws `user.not_found`, `group.too_many_managers`. */
export async function appointManager(ctx: GroupChangeDeps, group: Group, user: User): Promise<boolean> {
  const isManager = await managesGroup(ctx, group.id, user.subject)
  if (!isManager && (await queries.countManagers(ctx.db, group.id)) >= MANAGERS_MAXIMUM)
    throw new Refusal('group.too_many_managers')
  return addTo(ctx, 'group_manager', { group, user, action: 'group.manager_added' })
}

/** Ends that; returns false for a user who is no manager. */
export function dismissManager(ctx: GroupChangeDeps, group: Group, user: User): Promise<boolean> {
  return removeFrom(ctx, 'group_manager', { group, user, action: 'group.manager_removed' })
}

interface Change {
  readonly group: Group
  readonly user: User
  readonly action: EventAction
}

async function addTo(ctx: GroupChangeDeps, table: queries.Membership, change: Change): Promise<boolean> {
  const { id: groupId } = change.group
  const { subject } = change.user
  if (!(await queries.holdUser(ctx.db, subject))) throw new Refusal('user.not_found')
  const isNew = await queries.insertMembership(ctx.db, table, { groupId, subject, addedAt: ctx.now })
  if (isNew) await recordAboutMember(ctx, change)
  return isNew
}

async function removeFrom(ctx: GroupChangeDeps, table: queries.Membership, change: Change): Promise<boolean> {
  const wasThere = await queries.deleteMembership(ctx.db, table, change.group.id, change.user.subject)
  if (wasThere) await recordAboutMember(ctx, change)
  return wasThere
}

async function recordAboutMember(ctx: GroupChangeDeps, { group, user, action }: Change): Promise<void> {
  await recordEvent(ctx, { action, target: user.subject, details: { group: group.name, username: user.username } })
}

/** Whether the user manages the group; inside a transaction no other changes that before it ends. */
export function managesGroup({ db }: With<'db'>, groupId: string, subject: string): Promise<boolean> {
  return queries.holdMembership(db, 'group_manager', groupId, subject)
}

/** Whether the user is in the group; inside a transaction no other changes that before it ends. */
export function isMemberOf({ db }: With<'db'>, groupId: string, subject: string): Promise<boolean> {
  return queries.holdMembership(db, 'group_member', groupId, subject)
}

/** Returns the managers of a group by username, at most `MANAGERS_MAXIMUM`. */
export function listManagers({ db }: With<'db'>, groupId: string): Promise<Member[]> {
  return queries.selectManagers(db, groupId)
}

/** Above so many members, a list of a group is read along the list of all users, which then meets a member every few rows. */
const LARGE_GROUP = 5000

/** Returns how lists of its members are read. */
export async function sizeOfGroup({ db }: With<'db'>, id: string): Promise<SizedGroup> {
  return { id, isLarge: await queries.hasMoreMembers(db, id, LARGE_GROUP) }
}

export interface MemberPage {
  readonly items: readonly Member[]
  /** The folded username after which the next page begins; null on the last one. */
  readonly next: string | null
}

/**
 * Returns a page of members by username, with what their managers may see.
 * @param wish `q`: the beginning of a username; emails are not searched, because a match would reveal them
 */
export async function listMembers(
  ctx: With<'db'>,
  groupId: string,
  wish: { readonly q?: string | undefined; readonly after?: string | undefined; readonly limit: number },
): Promise<MemberPage> {
  const { q = '', after = '', limit } = wish
  const listing = { groupId, beginning: foldName(storableText(q).trim()), after, limit: limit + 1 }
  const found = await walkOrLookUp(ctx, listing)
  const isFirst = after === '' && listing.beginning === ''
  const keyless = isFirst ? await queries.selectKeylessMembers(ctx.db, groupId) : []
  const items = found.slice(0, limit)
  return { items: [...keyless, ...items], next: found.length > limit ? (items.at(-1)?.key ?? null) : null }
}

/** How many users a walk along the list of all checks before the members are looked up and sorted. */
const LONGEST_WALK = 3000

/** Of a large group, a walk usually meets a page of members soon; all members may be at the end of the list, though. */
async function walkOrLookUp(ctx: With<'db'>, listing: queries.MemberListing) {
  const { isLarge } = await sizeOfGroup(ctx, listing.groupId)
  if (!isLarge) return queries.selectMembers(ctx.db, listing)
  const end = await queries.selectUsernameKey(ctx.db, listing.after, LONGEST_WALK)
  const found = await queries.selectMembers(ctx.db, { ...listing, walkTo: end })
  return found.length === listing.limit || end === null ? found : queries.selectMembers(ctx.db.forLongReads, listing)
}

/** Returns the names of the groups of a user in their order; of those with these ids only, if any are given. */
export function groupNamesOf({ db }: With<'db'>, subject: string, ids?: readonly string[]): Promise<string[]> {
  return queries.selectNamesOfGroups(db, subject, ids)
}

/** Returns those of the groups with these ids in which a user is. */
export function groupsAmong({ db }: With<'db'>, subject: string, ids: readonly string[]): Promise<string[]> {
  return queries.selectGroupsOf(db, subject, ids)
}

/** Returns the same for several users in one query. A user who is in none of the groups is left out. */
export async function groupsOfEachAmong(
  { db }: With<'db'>,
  subjects: readonly string[],
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (subjects.length === 0 || ids.length === 0) return new Map()
  const bySubject = Map.groupBy(await queries.selectMembershipsAmong(db, subjects, ids), ({ subject }) => subject)
  return new Map(Array.from(bySubject, ([subject, rows]) => [subject, rows.map(({ groupId }) => groupId)]))
}
