// The list of users, with the search table beside it.
import { sql } from 'kysely'

import { isSearchable, matchingUserIds } from '../../platform/database/search.ts'
import type { Database } from '../../platform/database/schema.ts'
import { USER_COLUMNS, userFromRow } from '../../users/user-row.ts'
import { foldName } from '../../users/user.ts'
import type { User } from '../../users/user.ts'
import type { Segment, UserFilter, UserListing, UserPlace, UserSort } from './user-list.ts'
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

/** One segment of the list, from its place on. */
export async function selectUsers(
  db: Database,
  listing: UserListing,
  segment: Segment,
  limit: number,
): Promise<ListedUser[]> {
  const column = SORT_COLUMNS[listing.order.by]
  const direction = listing.order.descending ? 'desc' : 'asc'
  const rows = await db
    .selectFrom('users')
    .select([...USER_COLUMNS, `${column} as sortKey`])
    .where((eb) => eb.and([inSegment(eb, listing, segment), ...filtersOf(db, eb, listing)]))
    .$if(segment.of === 'keyed', (query) => query.orderBy(column, direction))
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

/** How many users each filter of the list would show. */
export interface UserTally {
  readonly all: number
  readonly active: number
  readonly invited: number
  readonly noFactor: number
  readonly disabled: number
  readonly admins: number
}

/** One look at every user whom the search finds, whatever the number of filters. */
export function countByFilter(db: Database, search: Pick<UserFilter, 'q'>): Promise<UserTally> {
  return db
    .selectFrom('users')
    .select((eb) => {
      const count = () => eb.fn.countAll<number>()
      return [
        count().as('all'),
        count().filterWhere(inStatus(eb, 'active')).as('active'),
        count().filterWhere(inStatus(eb, 'invited')).as('invited'),
        count().filterWhere(inStatus(eb, 'no-factor')).as('noFactor'),
        count().filterWhere(inStatus(eb, 'disabled')).as('disabled'),
        count().filterWhere('users.role', '=', 'admin').as('admins'),
      ]
    })
    .where((eb) => eb.and(filtersOf(db, eb, search)))
    .executeTakeFirstOrThrow()
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

function filtersOf(db: Database, eb: OfUsers, { q, status, role }: UserFilter) {
  return [
    ...(q === undefined || q.trim() === '' ? [] : [found(db, eb, q)]),
    ...(status === undefined ? [] : [inStatus(eb, status)]),
    ...(role === undefined ? [] : [role === 'admin' ? eb('users.role', '=', 'admin') : isNoAdmin(eb)]),
  ]
}

// A role we do not know gives no rights: it counts as `user`.
function isNoAdmin(eb: OfUsers) {
  return eb.or([eb('users.role', 'is', null), eb('users.role', '<>', 'admin')])
}

/** Terms too short for the trigram index are looked for as the beginning of a username or address. */
function found(db: Database, eb: OfUsers, typed: string) {
  const term = foldName(typed.trim())
  if (isSearchable(term)) return eb('users.id', 'in', matchingUserIds(db, term))
  return eb.or([beginsWith(eb, 'users.username_key', term), beginsWith(eb, 'users.email_key', term)])
}

// A range instead of `like`, so that no character is a wildcard and the index on the key is used.
function beginsWith(eb: OfUsers, column: 'users.username_key' | 'users.email_key', term: string) {
  return eb.and([eb(column, '>=', term), eb(column, '<', `${term}\u{10FFFF}`)])
}
