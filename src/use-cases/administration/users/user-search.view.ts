// The search of the list of users, by the trigram table and by the indexes of names.
import { type RawBuilder, type SelectQueryBuilder, sql, type SqlBool } from 'kysely'

import type { SizedGroup } from '#domain/groups/group.ts'
import { isInGroup, usersInGroup } from '#domain/groups/member.queries.ts'
import type { UserCounts } from '#domain/users/user-count.service.ts'
import { foldName, type UserStatus } from '#domain/users/user.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import type { Schema } from '#foundation/platform/database/schema.ts'
import { isSearchable, matchingUserIds, userHoldsTerm } from '#foundation/platform/database/search.ts'
import { statusSql } from '#foundation/platform/database/user-cells.ts'

export interface Search {
  /** The term, folded. */
  readonly term: string
  /** The ids of all matches; null if there are more than `MOST_FOUND`: a walk along the list, which checks each user, is then faster. */
  readonly found: readonly number[] | null
}

/** Limit of matches that are looked up and sorted for one page. */
export const MOST_FOUND = 5000

/**
 * Returns the matches of a search; null for an empty term. It queries the index once, for one match more than `MOST_FOUND`. The ids come
 * as one JSON text, because thousands of rows would block the event loop.
 */
export async function readSearch(db: Database, q: string | undefined): Promise<Search | null> {
  const term = foldName((q ?? '').trim())
  if (term === '') return null
  const found = db
    .selectFrom((await matching(db, term, MOST_FOUND + 1)).as('found'))
    .select('found.id')
    .limit(MOST_FOUND + 1)
  const json = db.dialect === 'postgres' ? sql<string>`json_agg(id)::text` : sql<string>`json_group_array(id)`
  const { count, ids } = await db
    .selectFrom(found.as('matches'))
    .select((eb) => [eb.fn.countAll<number>().as('count'), json.as('ids')])
    .executeTakeFirstOrThrow()
  if (count > MOST_FOUND) return { term, found: null }
  return { term, found: count === 0 ? [] : (JSON.parse(ids) as number[]) }
}

/** How many users each filter of the list shows. */
export interface UserTally extends Pick<
  UserCounts,
  'active' | 'withPasskey' | 'withApp' | 'invited' | 'noFactor' | 'disabled' | 'admins'
> {
  readonly all: number
}

/** Counts the matches of a search with at most `MOST_FOUND` of them, or the members of a group that is not large, or those who are both. */
export function countFound(db: Database, search: Search | null, group?: SizedGroup): Promise<UserTally> {
  return usersFound(db, search, group)
    .select((eb) => {
      const count = () => eb.fn.countAll<number>()
      return [
        count().as('all'),
        count().filterWhere(inStatus('active')).as('active'),
        count().filterWhere(inStatus('active')).filterWhere('users.passkey_at', 'is not', null).as('withPasskey'),
        count().filterWhere(inStatus('active')).filterWhere('users.passkey_at', 'is', null).as('withApp'),
        count().filterWhere(inStatus('invited')).as('invited'),
        count().filterWhere(inStatus('no-factor')).as('noFactor'),
        count().filterWhere(inStatus('disabled')).as('disabled'),
        count().filterWhere('users.role', '=', 'admin').as('admins'),
      ]
    })
    .executeTakeFirstOrThrow()
}

/** `statusOf` as a condition, in the expression of the list's indexes. */
export function inStatus(status: UserStatus): RawBuilder<SqlBool> {
  return sql<SqlBool>`${sql.raw(statusSql('users'))} = ${sql.lit(status)}`
}

/**
 * A query of all users, or of the matches of a search with at most `MOST_FOUND`, which are looked up by id, in a group if one is given.
 * Without such a search, the members of a group that is not large are looked up too.
 */
export function usersFound(
  db: Database,
  search: Search | null,
  group?: SizedGroup,
): SelectQueryBuilder<Schema, 'users', object> {
  if (group === undefined) return usersMatching(db, search)
  if (!group.isLarge && (search === null || search.found === null)) return usersInGroup(db, group.id)
  return usersMatching(db, search).where(isInGroup(group.id))
}

function usersMatching(db: Database, search: Search | null): SelectQueryBuilder<Schema, 'users', object> {
  if (search === null || search.found === null) return db.selectFrom('users')
  const ids = JSON.stringify(search.found)
  if (db.dialect === 'postgres')
    return db
      .selectFrom('users')
      .where(sql<SqlBool>`users.id = any (array(select json_array_elements_text(cast(${ids} as json))::bigint))`)
  // SQLite reads the tables of a cross join in the order in which they are named.
  const found = sql<{ id: number }>`(select value as id from json_each(${ids}))`.as('found')
  return db.selectFrom(found).crossJoin('users').whereRef('users.id', '=', 'found.id')
}

/** A query of the ids of matching users. A term too short for the trigram index matches the beginning of a username or an email. */
async function matching(db: Database, term: string, most: number): Promise<RawBuilder<{ id: number }>> {
  if (isSearchable(term)) return sql<{ id: number }>`${await matchingUserIds(db, term)}`
  // Ranges instead of `like`, so that no character is a wildcard and the indexes on the keys are used.
  const end = `${term}\u{10FFFF}`
  const beginning = (column: string) => sql`select id from (
    select id from users where ${sql.ref(column)} >= ${term} and ${sql.ref(column)} < ${end} limit ${most}) as ${sql.ref(column)}`
  return sql<{ id: number }>`(${beginning('username_key')} union ${beginning('email_key')})`
}

/** The condition of `matching` for one row of `users`. */
export function holds(db: Database, term: string): RawBuilder<SqlBool> {
  if (isSearchable(term)) return userHoldsTerm(db, term)
  const length = Array.from(term).length
  return sql<SqlBool>`(substr(users.username_key, 1, ${length}) = ${term} or substr(users.email_key, 1, ${length}) = ${term})`
}
