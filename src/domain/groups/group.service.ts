// Groups: finds, lists, creates, changes and deletes them. What policies say of a group is asked above this layer.
import { recordEvent } from '#domain/audit/audit.service.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import { LostUpdate } from '#foundation/kernel/optimistic-locking.ts'
import { Refusal, requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import { storableText } from '#foundation/kernel/storable-text.ts'
import { isUniqueViolation } from '#foundation/platform/database/errors.ts'
import { lockFor } from '#foundation/platform/database/lock.ts'
import * as queries from './group.queries.ts'
import type { KeyedGroup } from './group.queries.ts'
import {
  fieldErrorsInGroup,
  type Group,
  type GroupFields,
  groupKey,
  GROUPS_MAXIMUM,
  type ListedGroup,
  type OwnGroup,
  plainGroupFields,
} from './group.ts'

/** The dependencies of a change, which is recorded. Call it inside an authorized transaction. */
export type GroupChangeDeps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>

export interface GroupPage<Item = ListedGroup> {
  readonly items: readonly Item[]
  /** The key after which the next page begins; null on the last one. */
  readonly next: string | null
}

export interface GroupSearch {
  /** Part of a name. */
  readonly q?: string | undefined
  readonly after?: string | undefined
  readonly limit: number
  /** The subject of a user: only groups whose member the user is. */
  readonly member?: string | undefined
}

/** Returns a page of groups by name, with the number of their members. */
export async function listGroups({ db }: With<'db'>, { q = '', ...search }: GroupSearch): Promise<GroupPage> {
  return paged(
    await queries.selectGroups(db, { ...search, term: groupKey(storableText(q)), limit: search.limit + 1 }),
    search.limit,
  )
}

/** Returns a page of the groups that the user manages or is in, by name. */
export async function listOwnGroups(
  { db }: With<'db'>,
  subject: string,
  search: Pick<GroupSearch, 'after' | 'limit'>,
): Promise<GroupPage<OwnGroup>> {
  return paged(await queries.selectOwnGroups(db, subject, { ...search, limit: search.limit + 1 }), search.limit)
}

function paged<Item>(found: readonly KeyedGroup<Item>[], limit: number): GroupPage<Item> {
  const items = found.slice(0, limit)
  return { items, next: found.length > limit ? (items.at(-1)?.key ?? null) : null }
}

/** Returns the group with this id; undefined if there is none. */
export function findGroup({ db }: With<'db'>, id: string): Promise<Group | undefined> {
  return queries.selectGroup(db, storableText(id))
}

/** Returns the names of the groups with these ids, in order; a deleted one has none. */
export async function groupNamesByIds({ db }: With<'db'>, ids: readonly string[]): Promise<string[]> {
  return ids.length === 0 ? [] : queries.selectNames(db, ids)
}

/** Returns the group with this name in any case and Unicode form; undefined if there is none. */
export async function findGroupByName({ db }: With<'db'>, name: string): Promise<Group | undefined> {
  const key = groupKey(storableText(name))
  return key === '' ? undefined : queries.selectGroupByKey(db, key)
}

/** Returns the group with this id. Throws `group.not_found`. */
export async function readGroup(ctx: With<'db'>, id: string): Promise<Group> {
  return existing(await findGroup(ctx, id))
}

/** Returns the same, and keeps it from being deleted until the transaction ends. Throws `group.not_found`. */
export async function holdGroup(ctx: With<'db'>, id: string): Promise<Group> {
  return existing(await holdIfExists(ctx, id))
}

/** Returns the same; undefined if the group is deleted by now. */
export function holdIfExists({ db }: With<'db'>, id: string): Promise<Group | undefined> {
  return queries.keepGroup(db, storableText(id))
}

/**
 * Returns the same, excluding until the transaction ends each other one that holds it: a policy that comes to name a group takes it
 * first, so that no member leaves between the check and the commit (write skew). Throws `group.not_found`.
 */
export async function lockGroup({ db }: With<'db'>, id: string): Promise<Group> {
  return existing(await queries.takeGroup(db, storableText(id)))
}

/** Creates a group. Throws `request.validation_failed`, `group.name_taken`, `group.too_many`. */
export async function storeGroup(ctx: InTransaction<GroupChangeDeps>, fields: GroupFields): Promise<Group> {
  const { name = '', description = '' } = plainGroupFields(fields)
  requireNoFieldErrors(fieldErrorsInGroup({ name, description }))
  // Two transactions would both count one less than the limit. Groups and policies are made rarely, so they share the lock.
  await lockFor(ctx.db, 'policies')
  if ((await queries.countGroups(ctx.db)) >= GROUPS_MAXIMUM) throw new Refusal('group.too_many')
  const group = { id: ctx.newId(), name, description, revision: 0, createdAt: ctx.now }
  if (!(await queries.insertGroup(ctx.db, { ...group, key: groupKey(name) }))) throw nameTaken()
  await recordEvent(ctx, { action: 'group.created', details: { group: name } })
  return group
}

/** Changes name and description of a group that was read. Throws `request.validation_failed`, `group.name_taken`, `LostUpdate`. */
export async function updateGroup(ctx: GroupChangeDeps, group: Group, fields: GroupFields): Promise<Group> {
  const { name = group.name, description = group.description } = plainGroupFields(fields)
  if (name === group.name && description === group.description) return group
  // A name that an earlier version took stays while it is not changed, and so does its key.
  const isRenamed = name !== group.name
  requireNoFieldErrors(fieldErrorsInGroup({ ...(isRenamed && { name }), description }))
  const key = isRenamed ? groupKey(name) : null
  const holder = key === null ? undefined : await queries.selectGroupByKey(ctx.db, key)
  if (holder !== undefined && holder.id !== group.id) throw nameTaken()
  const { id, revision } = group
  const isWritten = await queries
    .updateGroupRow(ctx.db, { id, name, description, revision, key })
    .catch((error: unknown) => {
      throw isUniqueViolation(error, 'name_key') ? nameTaken(error) : error
    })
  if (!isWritten) throw new LostUpdate()
  const before = isRenamed ? { before: group.name } : {}
  await recordEvent(ctx, { action: 'group.changed', details: { group: name, ...before } })
  return { ...group, name, description, revision: revision + 1 }
}

/** Deletes a group with its memberships. No user is deleted. */
export async function deleteGroupOf(ctx: GroupChangeDeps, { id, name }: Group): Promise<void> {
  const members = await queries.deleteGroupRows(ctx.db, id)
  await recordEvent(ctx, { action: 'group.deleted', details: { group: name, members } })
}

export function countMembers({ db }: With<'db'>, id: string): Promise<number> {
  return queries.selectMemberCount(db, id)
}

function existing(group: Group | undefined): Group {
  if (group === undefined) throw new Refusal('group.not_found')
  return group
}

function nameTaken(cause?: unknown): Refusal {
  const code = 'group.name_taken'
  return new Refusal(code, { fieldErrors: [{ pointer: '/name', code }] }, { cause })
}
