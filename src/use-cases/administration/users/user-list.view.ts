// Queries of the list of users, joined with the search table.
import { type ExpressionBuilder, type RawBuilder, sql, type SqlBool } from 'kysely'

import { userFromRow } from '#domain/users/user-row.ts'
import type { User, UserStatus } from '#domain/users/user.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import type { Schema } from '#foundation/platform/database/schema.ts'
import { statusSql } from '#foundation/platform/database/user-cells.ts'
import { USER_COLUMNS } from '#foundation/platform/database/user-columns.ts'
import type { Segment, StrongestFactor, UserCursor, UserListing, UserSort } from './user-list.ts'
import { holds, inStatus, type Search, usersFound } from './user-search.view.ts'

/** Each column has an index; the id orders users with equal values. */
const SORT_COLUMNS = {
  username: 'users.username_key',
  email: 'users.email_key',
  created_at: 'users.created_at',
  last_sign_in_at: 'users.last_sign_in_at',
} as const satisfies Record<UserSort, string>

type OfUsers = ExpressionBuilder<Schema, 'users'>

export interface ListedUser {
  readonly user: User
  readonly position: UserCursor
}

type Searched = UserListing & { readonly search: Search | null }

/**
 * Returns users of the segments, each after its cursor. If the list is read along an index, the caller queries each segment alone; the
 * matches of a search are sorted anyway, so one query reads all segments.
 * @param end the cursor at which a walk along the index stops, full or not; null for the end of the segment
 */
export async function selectUsers(
  db: Database,
  listing: Searched,
  segments: readonly Segment[],
  { limit, end = null }: { readonly limit: number; readonly end?: UserCursor | null },
): Promise<ListedUser[]> {
  const { search, order } = listing
  const column = SORT_COLUMNS[order.by]
  const direction = order.descending ? 'desc' : 'asc'
  const isKeyed = sql`case when ${sql.ref(column)} is null then 0 else 1 end`
  const rows = await usersFound(db, search, listing.group)
    .select([...USER_COLUMNS, `${column} as sortKey`])
    .where((eb) =>
      eb.and([
        eb.or(segments.map((segment) => inSegment(eb, listing, segment))),
        ...filtersOf(db, eb, listing),
        ...(search?.found === null ? [holds(db, search.term)] : []),
        ...(end === null ? [] : [isUpTo(listing, end)]),
      ]),
    )
    .$if(segments.length > 1, (query) => query.orderBy(isKeyed, direction))
    .$if(goesByStatus(db, listing), (query) => query.orderBy(sql.raw(statusSql('users')), direction))
    // Stated for the keyless rows too, or PostgreSQL does not see that the index has this order.
    .orderBy(column, direction)
    .orderBy('users.id', direction)
    .limit(limit)
    .execute()
  return rows.map(({ sortKey, ...row }) => ({ user: userFromRow(row), position: { key: sortKey, id: row.id } }))
}

/** Returns the cursor `further` users ahead in a segment, regardless of search and factor; null if the segment ends before. */
export async function selectPosition(
  db: Database,
  listing: UserListing,
  segment: Segment,
  further: number,
): Promise<UserCursor | null> {
  const column = SORT_COLUMNS[listing.order.by]
  const direction = listing.order.descending ? 'desc' : 'asc'
  const row = await db
    .selectFrom('users')
    .select(['users.id as id', `${column} as key`])
    .where((eb) => eb.and([inSegment(eb, listing, segment), ...indexedFiltersOf(db, eb, listing)]))
    .$if(goesByStatus(db, listing), (query) => query.orderBy(sql.raw(statusSql('users')), direction))
    .orderBy(column, direction)
    .orderBy('users.id', direction)
    .offset(further - 1)
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}

/** Users with these ids, by username. */
export async function selectUsersById(db: Database, ids: readonly number[]): Promise<User[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('users')
    .select(USER_COLUMNS)
    .where('users.id', 'in', [...ids])
    .orderBy('users.username_key')
    .orderBy('users.id')
    .execute()
  return rows.map(userFromRow)
}

function inSegment(eb: OfUsers, { order }: UserListing, { of, after }: Segment) {
  const column = SORT_COLUMNS[order.by]
  if (after === null) return eb(column, of === 'keyless' ? 'is' : 'is not', null)
  const beyond = sql.raw(order.descending ? '<' : '>')
  // The cast makes an id that is too large for the column greater than every other, instead of an error.
  const id = sql<number>`cast(${after.id} as bigint)`
  if (of === 'keyless') return eb.and([eb(column, 'is', null), sql<boolean>`users.id ${beyond} ${id}`])
  return sql<boolean>`(${sql.ref(column)}, users.id) ${beyond} (${after.key}, ${id})`
}

/** At a cursor of the same segment, or before it. */
function isUpTo({ order }: UserListing, { key, id }: UserCursor): RawBuilder<SqlBool> {
  const before = sql.raw(order.descending ? '>=' : '<=')
  if (key === null) return sql<SqlBool>`users.id ${before} ${id}`
  return sql<SqlBool>`(${sql.ref(SORT_COLUMNS[order.by])}, users.id) ${before} (${key}, ${id})`
}

function filtersOf(db: Database, eb: OfUsers, listing: UserListing) {
  const { secondFactor } = listing
  return [...indexedFiltersOf(db, eb, listing), ...(secondFactor === undefined ? [] : [hasFactor(eb, secondFactor)])]
}

/** The filters that have an index; no index distinguishes the factors of active users. */
function indexedFiltersOf(db: Database, eb: OfUsers, listing: UserListing) {
  const { status, role } = listing
  return [
    ...(status === undefined ? [] : [hasStatus(db, listing, status)]),
    ...(role === undefined ? [] : [role === 'user' ? isWithoutOtherRole(eb) : eb('users.role', '=', role)]),
  ]
}

/**
 * PostgreSQL assumes that the status is independent of the sort key, and would read all users for the active ones who never
 * signed in. A condition on a list of one status, in an order that begins with the status, only fits the index of the status.
 */
function goesByStatus(db: Database, { status, role }: UserListing): boolean {
  return db.dialect === 'postgres' && status !== undefined && role !== 'admin'
}

function hasStatus(db: Database, listing: UserListing, status: UserStatus): RawBuilder<SqlBool> {
  // Admins are few, so their index is more selective than that of the status, which SQLite would choose.
  if (listing.role === 'admin') return sql<SqlBool>`(${inStatus(status)}) is true`
  if (!goesByStatus(db, listing)) return inStatus(status)
  return sql<SqlBool>`${sql.raw(statusSql('users'))} = any (array[${sql.lit(status)}])`
}

/** `secondFactorOf` as a condition. */
function hasFactor(eb: OfUsers, factor: StrongestFactor) {
  if (factor === 'none') return eb('users.second_factor_at', 'is', null)
  return eb.and([
    eb('users.second_factor_at', 'is not', null),
    eb('users.passkey_at', factor === 'passkey' ? 'is not' : 'is', null),
  ])
}

// An unknown role counts as `user`, so that it gives no permissions. As a scalar, the sub-select leaves the order of the list to the index.
function isWithoutOtherRole(eb: OfUsers) {
  const known = eb.selectFrom('role').select('role.name').whereRef('role.name', '=', 'users.role')
  return eb.or([eb('users.role', 'is', null), eb.and([eb('users.role', '<>', 'admin'), eb(known, 'is', null)])])
}
