// The query string of the list of users: search, filter, order, cursor.
// Tested in test/stories/user-list.test.ts.
import { withQuery } from '#foundation/kernel/query-string.ts'
import type { SortText, UserFilter, UserSort } from './user-list.ts'

export const LISTED_USERS = ['all', 'active', 'passkey', 'app', 'invited', 'no-factor', 'disabled', 'admins'] as const
export type UsersShown = (typeof LISTED_USERS)[number]

/** The parts of the active users, by their strongest second factor. */
export const PARTS_OF_ACTIVE: readonly UsersShown[] = ['passkey', 'app']

/** How many users a page may show; the second is the default. */
export const PAGE_SIZES = [25, 50, 100] as const
export type PageSize = (typeof PAGE_SIZES)[number]
export const DEFAULT_PAGE_SIZE: PageSize = 50

export interface UserListQuery {
  readonly q?: string | undefined
  /** The name of a group: only its members. */
  readonly group?: string | undefined
  readonly show: UsersShown
  /** Only users with this role, among all; not `admin`, which is a choice of its own. */
  readonly role?: string | undefined
  readonly sort: SortText
  /** `DEFAULT_PAGE_SIZE` if left out. */
  readonly size?: PageSize | undefined
  /** Every row is ticked, for browsers without scripts. */
  readonly ticked?: 'all' | undefined
  /** Cursors; `after` has priority. */
  readonly after?: string | undefined
  readonly before?: string | undefined
}

export const USERS_PATH = '/admin/users'

/** The URL of the list, without parameters that have their default value. */
export function usersHref({ q, group, show, role, after, before, ticked, ...kept }: UserListQuery): string {
  const filters = { q, group, ...shownParameters(show, role) }
  return withQuery(USERS_PATH, { ...filters, ...orderAndSize(kept), after, before, ticked })
}

/** The parameters of order and page size, undefined for their default values. */
export function orderAndSize({ sort, size = DEFAULT_PAGE_SIZE }: Pick<UserListQuery, 'sort' | 'size'>) {
  return {
    sort: sort === 'username' ? undefined : sort,
    size: size === DEFAULT_PAGE_SIZE ? undefined : String(size),
  }
}

/** The parameters of the choice, undefined where it does not use them. */
export function shownParameters(show: UsersShown, ofRole?: string) {
  const { status, role, secondFactor } = filterOf({ show, role: ofRole })
  return { status, role, second_factor: secondFactor }
}

/** The filter of the list as `listUsers` takes it: a role, a second factor of active users, a status, or none. */
export function filterOf({ q, show, role }: Pick<UserListQuery, 'q' | 'show' | 'role'>): UserFilter {
  if (show === 'all') return { q, role }
  if (show === 'passkey' || show === 'app') return { q, status: 'active', secondFactor: show }
  return show === 'admins' ? { q, role: 'admin' } : { q, status: show }
}

/** The order that the link in a column's heading selects: first ascending for names, descending for times; then the reverse. */
export function nextSort(by: UserSort, current: SortText): SortText {
  const first: SortText = by.endsWith('_at') ? `-${by}` : by
  const second: SortText = first === by ? `-${by}` : by
  return current === first ? second : first
}

export function ariaSort(by: UserSort, current: SortText): 'ascending' | 'descending' | 'none' {
  if (current === by) return 'ascending'
  return current === `-${by}` ? 'descending' : 'none'
}

/** The path if it is one of the list, else the list without filters, so that a forged path cannot redirect elsewhere (open redirect). */
export function backToUsers(path: string | undefined): string {
  return path !== undefined && (path === USERS_PATH || path.startsWith(`${USERS_PATH}?`)) ? path : USERS_PATH
}
