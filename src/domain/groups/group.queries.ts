// Queries of groups. The members are counted in the list itself: an index holds them group by group.
import { type RawBuilder, sql, type SqlBool } from 'kysely'

import type { Database } from '#foundation/platform/database/database.ts'
import { forShare, forUpdate } from '#foundation/platform/database/lock.ts'
import { countRows } from '#foundation/platform/database/row-count.ts'
import { updatedOne } from '#foundation/platform/database/updated-one.ts'
import type { Group, ListedGroup, OwnGroup } from './group.ts'

const COLUMNS = [
  'user_group.id as id',
  'user_group.name as name',
  'user_group.description as description',
  'user_group.revision as revision',
  'user_group.created_at as createdAt',
] as const

export type StoredGroup = Group & { readonly key: string }

/** Inserts a group; returns false if another one has its key. */
export async function insertGroup(db: Database, { key, ...group }: StoredGroup): Promise<boolean> {
  const { id, name, description, revision, createdAt } = group
  const row = await db
    .insertInto('user_group')
    .values({ id, name, name_key: key, description, revision, created_at: createdAt })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

type ChangedGroup = Omit<Group, 'createdAt'> & { readonly key: string | null }

/**
 * Writes the fields if the row still has the revision that was read; returns whether it did.
 * @param key null leaves the stored one
 */
export function updateGroupRow(db: Database, { id, name, description, revision, key }: ChangedGroup) {
  return updatedOne(
    db
      .updateTable('user_group')
      .set({ name, ...(key !== null && { name_key: key }), description, revision: revision + 1 })
      .where('id', '=', id)
      .where('revision', '=', revision),
  )
}

/** Deletes a group with its members and managers; returns how many members it had. */
export async function deleteGroupRows(db: Database, id: string): Promise<number> {
  const { numDeletedRows } = await db.deleteFrom('group_member').where('group_id', '=', id).executeTakeFirstOrThrow()
  await db.deleteFrom('group_manager').where('group_id', '=', id).execute()
  await db.deleteFrom('user_group').where('id', '=', id).execute()
  return Number(numDeletedRows)
}

function groupWithId(db: Database, id: string) {
  return db.selectFrom('user_group').select(COLUMNS).where('id', '=', id)
}

export function selectGroup(db: Database, id: string): Promise<Group | undefined> {
  return groupWithId(db, id).executeTakeFirst()
}

/** Selects the group and keeps it from being deleted until the transaction ends; other transactions may keep it too. */
export function keepGroup(trx: Database, id: string): Promise<Group | undefined> {
  return forShare(trx, groupWithId(trx, id)).executeTakeFirst()
}

/** Selects the group and waits for every transaction that keeps it; later ones wait for this one. */
export function takeGroup(trx: Database, id: string): Promise<Group | undefined> {
  return forUpdate(trx, groupWithId(trx, id)).executeTakeFirst()
}

export function selectGroupByKey(db: Database, key: string): Promise<Group | undefined> {
  return db.selectFrom('user_group').select(COLUMNS).where('name_key', '=', key).executeTakeFirst()
}

/** Returns the names of these groups, in order. */
export async function selectNames(db: Database, ids: readonly string[]): Promise<string[]> {
  const named = db.selectFrom('user_group').select('name').where('id', 'in', ids)
  return (await named.orderBy('name_key').execute()).map(({ name }) => name)
}

export function countGroups(db: Database): Promise<number> {
  return countRows(db.selectFrom('user_group'))
}

export interface GroupListing {
  /** Part of a name, folded; empty for every group. */
  readonly term: string
  /** The key of the last group of the page before. */
  readonly after?: string | undefined
  readonly limit: number
  /** The subject of a user: only groups whose member the user is. */
  readonly member?: string | undefined
}

export type KeyedGroup<Item = ListedGroup> = Item & { readonly key: string }

/** Returns groups by name. */
export function selectGroups(db: Database, { term, after, limit, member }: GroupListing): Promise<KeyedGroup[]> {
  return db
    .selectFrom('user_group')
    .select([...COLUMNS, 'name_key as key', memberCount().as('members')])
    .$if(term !== '', (query) => query.where(holdsTerm(db, term)))
    .$if(after !== undefined, (query) => query.where('name_key', '>', after ?? ''))
    .$if(member !== undefined, (query) =>
      query.where('id', 'in', (eb) =>
        eb
          .selectFrom('group_member')
          .select('group_id')
          .where('subject', '=', member ?? ''),
      ),
    )
    .orderBy('name_key')
    .limit(limit)
    .execute()
}

/** Returns by name the groups that the user manages or is in. */
export async function selectOwnGroups(
  db: Database,
  subject: string,
  { after, limit }: Pick<GroupListing, 'after' | 'limit'>,
): Promise<KeyedGroup<OwnGroup>[]> {
  const rows = await db
    .selectFrom('user_group')
    .leftJoin('group_member', (join) =>
      join.onRef('group_member.group_id', '=', 'user_group.id').on('group_member.subject', '=', subject),
    )
    .leftJoin('group_manager', (join) =>
      join.onRef('group_manager.group_id', '=', 'user_group.id').on('group_manager.subject', '=', subject),
    )
    .select([
      ...COLUMNS,
      'user_group.name_key as key',
      memberCount().as('members'),
      'group_member.subject as memberSubject',
      'group_manager.subject as managerSubject',
    ])
    .where((eb) =>
      eb(
        'user_group.id',
        'in',
        eb
          .selectFrom('group_member')
          .select('group_id')
          .where('subject', '=', subject)
          .union(eb.selectFrom('group_manager').select('group_id').where('subject', '=', subject)),
      ),
    )
    .$if(after !== undefined, (query) => query.where('user_group.name_key', '>', after ?? ''))
    .orderBy('user_group.name_key')
    .limit(limit)
    .execute()
  return rows.map(({ memberSubject, managerSubject, ...group }) => ({
    ...group,
    isMember: memberSubject !== null,
    isManager: managerSubject !== null,
  }))
}

export function selectMemberCount(db: Database, groupId: string): Promise<number> {
  return countRows(db.selectFrom('group_member').where('group_id', '=', groupId))
}

function memberCount(): RawBuilder<number> {
  return sql<number>`(select count(*) from group_member as counted where counted.group_id = user_group.id)`
}

/** Whether the name holds the term; no character of the term is a wildcard. */
function holdsTerm({ dialect }: Database, term: string): RawBuilder<SqlBool> {
  return dialect === 'sqlite' ? sql`instr(name_key, ${term}) > 0` : sql`position(${term} in name_key) > 0`
}
