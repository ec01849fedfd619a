// What the address of the page of users says: whom to show, in which order, from where on.
import type { SortText, UserFilter, UserSort } from './user-list.ts'

export const PEOPLE_SHOWN = ['all', 'active', 'invited', 'no-factor', 'disabled', 'admins'] as const
export type PeopleShown = (typeof PEOPLE_SHOWN)[number]

export interface UserListQuery {
  readonly q?: string | undefined
  readonly show: PeopleShown
  readonly sort: SortText
  /** Cursors; one of them at most is followed. */
  readonly after?: string | undefined
  readonly before?: string | undefined
}

export const USERS_PATH = '/admin/users'

/** The address in which everything that goes without saying is left out. */
export function usersHref({ q, show, sort, after, before }: UserListQuery): string {
  const said = { ...filterOf({ q, show }), sort: sort === 'username' ? undefined : sort, after, before }
  const pairs = Object.entries(said).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return pairs.length === 0 ? USERS_PATH : `${USERS_PATH}?${new URLSearchParams(pairs).toString()}`
}

export function filterOf({ q, show }: Pick<UserListQuery, 'q' | 'show'>): UserFilter {
  if (show === 'all') return { q }
  return show === 'admins' ? { q, role: 'admin' } : { q, status: show }
}

/** The order that a click on the heading of a column asks for: names from the beginning, moments from the latest. */
export function nextSort(by: UserSort, current: SortText): SortText {
  const first: SortText = by.endsWith('_at') ? `-${by}` : by
  const second: SortText = first === by ? `-${by}` : by
  return current === first ? second : first
}

/** What a screen reader says of the column. */
export function ariaSort(by: UserSort, current: SortText): 'ascending' | 'descending' | 'none' {
  if (current === by) return 'ascending'
  return current === `-${by}` ? 'descending' : 'none'
}

/** Where a page that was reached from the list leads back to: the list as it was, whatever else was asked for. */
export function backToUsers(path: string | undefined): string {
  return path !== undefined && (path === USERS_PATH || path.startsWith(`${USERS_PATH}?`)) ? path : USERS_PATH
}
