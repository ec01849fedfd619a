// Queries of the members and managers of groups.
import { type RawBuilder, type SelectQueryBuilder, sql, type SqlBool } from 'kysely'

import type { Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { isKeyless } from '#foundation/platform/database/keyless.ts'
import { forShare } from '#foundation/platform/database/lock.ts'
import { countRows, hasRow } from '#foundation/platform/database/row-count.ts'
import type { Schema } from '#foundation/platform/database/schema.ts'
import type { Member } from './group.ts'

export type Membership = 'group_member' | 'group_manager'

/** Adds a user to the members or the managers; returns false for one who is there already. */
export async function insertMembership(
  db: Database,
  table: Membership,
  { groupId, subject, addedAt }: { readonly groupId: string; readonly subject: string; readonly addedAt: Instant },
): Promise<boolean> {
  const row = await db
    .insertInto(table)
    .values({ group_id: groupId, subject, added_at: addedAt })
    .onConflict((conflict) => conflict.doNothing())
    .returning('subject')
    .executeTakeFirst()
  return row !== undefined
}

/** Removes a user from the members or the managers; returns false for one who is not among them. */
export async function deleteMembership(
  db: Database,
  table: Membership,
  groupId: string,
  subject: string,
): Promise<boolean> {
  const row = await db
    .deleteFrom(table)
    .where('group_id', '=', groupId)
    .where('subject', '=', subject)
    .returning('subject')
    .executeTakeFirst()
  return row !== undefined
}

/** Whether the user is among them; inside a transaction no other one changes that until this one ends. */
export async function holdMembership(
  db: Database,
  table: Membership,
  groupId: string,
  subject: string,
): Promise<boolean> {
  const query = db.selectFrom(table).select('subject').where('group_id', '=', groupId).where('subject', '=', subject)
  return (await (db.isTransaction ? forShare(db, query) : query).executeTakeFirst()) !== undefined
}

/**
 * Keeps a user from being deleted until the transaction ends, as the foreign key of a membership does; returns false for one who was
 * deleted. It does not exclude other changes of the user.
 */
export async function holdUser(trx: Database, subject: string): Promise<boolean> {
  const query = trx.selectFrom('users').select('id').where('subject', '=', subject)
  const row = await (trx.dialect === 'sqlite' ? query : query.forKeyShare()).executeTakeFirst()
  return row !== undefined
}

const MEMBER_COLUMNS = [
  'users.id as id',
  'users.subject as subject',
  'users.username as username',
  'users.full_name as fullName',
] as const

/** Returns the managers of a group by username. */
export async function selectManagers(db: Database, groupId: string): Promise<Member[]> {
  const rows = await db
    .selectFrom('group_manager')
    .innerJoin('users', 'users.subject', 'group_manager.subject')
    .select(MEMBER_COLUMNS)
    .where('group_manager.group_id', '=', groupId)
    .orderBy('users.username_key')
    .orderBy('users.id')
    .execute()
  return rows.map(memberOf)
}

export function countManagers(db: Database, groupId: string): Promise<number> {
  return countRows(db.selectFrom('group_manager').where('group_id', '=', groupId))
}

/** Whether a group has more members than `most`; counts no further. */
export function hasMoreMembers(db: Database, groupId: string, most: number): Promise<boolean> {
  return hasRow(db.selectFrom('group_member').select('group_id').where('group_id', '=', groupId).offset(most))
}

/** A query of the users in a group, which are looked up one by one and sorted: for groups that are not large. */
export function usersInGroup(db: Database, groupId: string): SelectQueryBuilder<Schema, 'users', object> {
  // The planner does not know how large the array is, so it looks the users up instead of walking along the list of all.
  if (db.dialect === 'postgres')
    return db
      .selectFrom('users')
      .where(
        sql<SqlBool>`users.subject = any (array(select found.subject from group_member as found where found.group_id = ${groupId}))`,
      )
  // SQLite reads the tables of a cross join in the order in which they are named.
  const found = sql<{ subject: string }>`(select subject from group_member where group_id = ${groupId})`.as('found')
  return db.selectFrom(found).crossJoin('users').whereRef('users.subject', '=', 'found.subject')
}

/** Whether the row of `users` is in the group, as a look-up for each row: for a walk along the list of users. */
export function isInGroup(groupId: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`(select 1 from group_member as found
    where found.group_id = ${groupId} and found.subject = users.subject) is not null`
}

export interface MemberListing {
  readonly groupId: string
  /** Up to which folded username the list of all users is walked, null for its end; left out to look the members up. */
  readonly walkTo?: string | null
  /** The beginning of a username, folded; empty for all. */
  readonly beginning: string
  /** The folded username after which the page begins. */
  readonly after: string
  readonly limit: number
}

/**
 * Returns up to 200 members whose rows have no username key: externally inserted ones, of which a legacy database may keep some for ever.
 * They come before all others.
 */
export async function selectKeylessMembers(db: Database, groupId: string): Promise<Member[]> {
  const rows = await db
    .selectFrom('users')
    .select(MEMBER_COLUMNS)
    .where(isKeyless('username_key'))
    .where(isInGroup(groupId))
    .orderBy('users.id')
    .limit(200)
    .execute()
  return rows.map(memberOf)
}

/** Returns the members with a username key, by username. */
export async function selectMembers(db: Database, listing: MemberListing): Promise<(Member & { key: string })[]> {
  const { groupId, walkTo, beginning, after, limit } = listing
  const isWalk = walkTo !== undefined
  const users = isWalk ? db.selectFrom('users').where(isInGroup(groupId)) : usersInGroup(db, groupId)
  const rows = await users
    .select([...MEMBER_COLUMNS, 'users.username_key as key'])
    .where('users.username_key', '>', after)
    .$if(typeof walkTo === 'string', (query) => query.where('users.username_key', '<=', walkTo ?? ''))
    .$if(beginning !== '', (query) =>
      query.where('users.username_key', '>=', beginning).where('users.username_key', '<', `${beginning}\u{10FFFF}`),
    )
    .orderBy('users.username_key')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ ...memberOf(row), key: row.key ?? '' }))
}

/** Returns the folded username that is `further` positions behind one in the list of users; null if the list ends before. */
export async function selectUsernameKey(db: Database, after: string, further: number): Promise<string | null> {
  const row = await db
    .selectFrom('users')
    .select('username_key')
    .where('username_key', '>', after)
    .orderBy('username_key')
    .offset(further - 1)
    .limit(1)
    .executeTakeFirst()
  return row?.username_key ?? null
}

function memberOf(row: {
  readonly id: number
  readonly subject: string
  readonly username: string | null
  readonly fullName: string | null
}): Member {
  const { id, subject, username, fullName } = row
  return { id, subject, username: username ?? '', fullName }
}

/** Returns by name the names of the groups of a user; of those with these ids only, if any are given. */
export async function selectNamesOfGroups(db: Database, subject: string, ids?: readonly string[]): Promise<string[]> {
  const rows = await db
    .selectFrom('group_member')
    .innerJoin('user_group', 'user_group.id', 'group_member.group_id')
    .select('user_group.name')
    .where('group_member.subject', '=', subject)
    .$if(ids !== undefined, (query) => query.where('user_group.id', 'in', ids ?? []))
    .orderBy('user_group.name_key')
    .execute()
  return rows.map(({ name }) => name)
}

/** Returns those of the groups with these ids in which a user is. */
export async function selectGroupsOf(db: Database, subject: string, ids: readonly string[]): Promise<string[]> {
  const rows = await db
    .selectFrom('group_member')
    .select('group_id as id')
    .where('subject', '=', subject)
    .where('group_id', 'in', ids)
    .execute()
  return rows.map(({ id }) => id)
}

/** Returns in which of the groups with these ids each of these users is. */
export function selectMembershipsAmong(
  db: Database,
  subjects: readonly string[],
  ids: readonly string[],
): Promise<{ subject: string; groupId: string }[]> {
  return db
    .selectFrom('group_member')
    .select(['subject', 'group_id as groupId'])
    .where('subject', 'in', subjects)
    .where('group_id', 'in', ids)
    .execute()
}
