// The list of users, with the search table beside it.
import { sql } from 'kysely'
import type { RawBuilder, SelectQueryBuilder, SqlBool } from 'kysely'

import { isSearchable, matchingUserIds, userHoldsTerm } from '../../platform/database/search.ts'
import type { Database, Schema } from '../../platform/database/schema.ts'
import { USER_COLUMNS, userFromRow } from '../../users/user-row.ts'
import { foldName } from '../../users/user.ts'
import type { User } from '../../users/user.ts'
import type { Segment, UserListing, UserPlace, UserSort } from './user-list.ts'
import { inStatus } from './user-status.view.ts'
import type { OfUsers } from './user-status.view.ts'

/** Each has an index; two users may have equal ones, so the id decides last. */
const SORT_COLUMNS = {
  username: 'users.username_key',
  email: 'users.email_key',
  created_at: 'users.created_at',
  last_sign_in_at: 'users.last_sign_in_at',
} as const satisfies Record<UserSort, string>

export interface ListedUser {
  readonly user: User
  readonly place: UserPlace
}

/** What the search box asks for. */
export interface Search {
  /** Folded. */
  readonly term: string
  /** Whether more than `MOST_FOUND` match: then a page is full sooner when the list goes along its order and looks at each user. */
  readonly isCommon: boolean
}

/** So many users are looked up and sorted for one page. */
export const MOST_FOUND = 5000

/** Null for a search for nothing. Asks the index for one match more than `MOST_FOUND`, however many there are. */
export async function readSearch(db: Database, q: string | undefined): Promise<Search | null> {
  const term = foldName((q ?? '').trim())
  if (term === '') return null
  const found = db
    .selectFrom(matching(db, term).as('found'))
    .select('found.id')
    .limit(MOST_FOUND + 1)
  const { count } = await db
    .selectFrom(found.as('counted'))
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return { term, isCommon: count > MOST_FOUND }
}

/**
 * Some segments of the list, from their place on. Of a list that is read along an index each segment is asked for alone; what a
 * search finds is sorted in any case, all segments at once.
 */
export async function selectUsers(
  db: Database,
  listing: UserListing & { readonly search: Search | null },
  segments: readonly Segment[],
  limit: number,
): Promise<ListedUser[]> {
  const { search, order } = listing
  const column = SORT_COLUMNS[order.by]
  const direction = order.descending ? 'desc' : 'asc'
  const isKeyed = sql`case when ${sql.ref(column)} is null then 0 else 1 end`
  const rows = await usersFound(db, search)
    .select([...USER_COLUMNS, `${column} as sortKey`])
    .where((eb) =>
      eb.and([eb.or(segments.map((segment) => inSegment(eb, listing, segment))), ...filtersOf(db, eb, listing)]),
    )
    .$if(segments.length > 1, (query) => query.orderBy(isKeyed, direction))
    .$if(
      segments.some(({ of }) => of === 'keyed'),
      (query) => query.orderBy(column, direction),
    )
    .orderBy('users.id', direction)
    .limit(limit)
    .execute()
  return rows.map(({ sortKey, ...row }) => ({ user: userFromRow(row), place: { key: sortKey, id: row.id } }))
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

/** How many users each filter of the list shows. */
export interface UserTally {
  readonly all: number
  readonly active: number
  readonly invited: number
  readonly noFactor: number
  readonly disabled: number
  readonly admins: number
}

/** Of those whom a search finds that is not common. */
export function countFound(db: Database, search: Search): Promise<UserTally> {
  return usersFound(db, search)
    .select((eb) => {
      const count = () => eb.fn.countAll<number>()
      return [
        count().as('all'),
        count().filterWhere(inStatus('active')).as('active'),
        count().filterWhere(inStatus('invited')).as('invited'),
        count().filterWhere(inStatus('no-factor')).as('noFactor'),
        count().filterWhere(inStatus('disabled')).as('disabled'),
        count().filterWhere('users.role', '=', 'admin').as('admins'),
      ]
    })
    .executeTakeFirstOrThrow()
}

/** All users, or those whom a rare search finds. SQLite takes the tables of a cross join in the order they are named in. */
function usersFound(db: Database, search: Search | null): SelectQueryBuilder<Schema, 'users', object> {
  if (search === null || search.isCommon) return db.selectFrom('users')
  const found = db.selectFrom(matching(db, search.term).as('found')).crossJoin('users')
  return found.whereRef('users.id', '=', 'found.id')
}

function inSegment(eb: OfUsers, { order }: UserListing, { of, after }: Segment) {
  const column = SORT_COLUMNS[order.by]
  if (after === null) return eb(column, of === 'keyless' ? 'is' : 'is not', null)
  const beyond = sql.raw(order.descending ? '<' : '>')
  // Cast, so that an id too large for the column is beyond every other instead of failing.
  const id = sql<number>`cast(${after.id} as bigint)`
  if (of === 'keyless') return eb.and([eb(column, 'is', null), sql<boolean>`users.id ${beyond} ${id}`])
  return sql<boolean>`(${sql.ref(column)}, users.id) ${beyond} (${after.key}, ${id})`
}

function filtersOf(
  db: Database,
  eb: OfUsers,
  { search, status, role }: UserListing & { readonly search: Search | null },
) {
  return [
    ...(search?.isCommon ? [holds(db, search.term)] : []),
    ...(status === undefined ? [] : [inStatus(status)]),
    ...(role === undefined ? [] : [role === 'admin' ? eb('users.role', '=', 'admin') : isNoAdmin(eb)]),
  ]
}

// A role we do not know gives no rights: it counts as `user`.
function isNoAdmin(eb: OfUsers) {
  return eb.or([eb('users.role', 'is', null), eb('users.role', '<>', 'admin')])
}

/** Terms too short for the trigram index are looked for as the beginning of a username or address. */
function matching(db: Database, term: string): RawBuilder<{ id: number }> {
  if (isSearchable(term)) return sql<{ id: number }>`${matchingUserIds(db, term)}`
  // Ranges instead of `like`, so that no character is a wildcard and the indexes on the keys are used.
  const end = `${term}\u{10FFFF}`
  return sql<{ id: number }>`(
    select id from users where username_key >= ${term} and username_key < ${end}
    union select id from users where email_key >= ${term} and email_key < ${end})`
}

/** The same, said of one user. */
function holds(db: Database, term: string): RawBuilder<SqlBool> {
  if (isSearchable(term)) return userHoldsTerm(db, term)
  const length = Array.from(term).length
  return sql<SqlBool>`(substr(users.username_key, 1, ${length}) = ${term} or substr(users.email_key, 1, ${length}) = ${term})`
}
