// In what order users are listed, and where a page of them begins.
import type { Role } from '../../../foundation/kernel/principal.ts'
import type { UserStatus } from '../../../domain/users/user.ts'

export const USER_SORTS = ['username', 'email', 'created_at', 'last_sign_in_at'] as const
export type UserSort = (typeof USER_SORTS)[number]

/** Kind of each sort key's value; any of them may be missing. */
const KEY_TYPES: Record<UserSort, 'string' | 'number'> = {
  username: 'string',
  email: 'string',
  created_at: 'number',
  last_sign_in_at: 'number',
}

export interface UserOrder {
  readonly by: UserSort
  readonly descending: boolean
}

/** The last user of a page: their sort key, null when they have none, and their id to tell equals apart. */
export interface UserCursor {
  readonly key: string | number | null
  readonly id: number
}

export interface UserFilter {
  /** Part of a username, address or full name. */
  readonly q?: string | undefined
  readonly status?: UserStatus | undefined
  readonly role?: Role | undefined
}

export interface UserListing extends UserFilter {
  readonly order: UserOrder
  readonly limit: number
  /** Null for the first page. */
  readonly after: UserCursor | null
}

/** A run of users that one index answers: those with a sort key, or those without one. */
export interface Segment {
  readonly of: 'keyed' | 'keyless'
  readonly after: UserCursor | null
}

/** A sort key, with `-` before it for descending. */
export type SortText = UserSort | `-${UserSort}`

export function orderOf(text: SortText): UserOrder {
  const by = USER_SORTS.find((sort) => text.endsWith(sort))
  return { by: by ?? 'username', descending: text.startsWith('-') }
}

export function reversed({ by, descending }: UserOrder): UserOrder {
  return { by, descending: !descending }
}

/**
 * What a page is read from, in order: the keyless count as smallest. Two plain index ranges rather than one condition
 * with `or`, which would read every page before this one.
 */
export function segmentsFrom({ descending }: UserOrder, after: UserCursor | null): Segment[] {
  const inOrder = descending ? (['keyed', 'keyless'] as const) : (['keyless', 'keyed'] as const)
  if (after === null) return inOrder.map((of) => ({ of, after: null }))
  const current = after.key === null ? 'keyless' : 'keyed'
  const rest = inOrder.slice(inOrder.indexOf(current) + 1)
  return [{ of: current, after }, ...rest.map((of) => ({ of, after: null }))]
}

/** What the cursor of a page holds. The order is in it, so that it is refused under another one. */
export interface CursorPayload extends UserCursor {
  readonly sort: SortText
}

export function cursorOf(place: UserCursor, order: UserOrder): CursorPayload {
  return { sort: sortText(order), ...place }
}

/** The place a cursor holds, or undefined when it is not one of this order. Cursors come from outside. */
export function placeIn(cursor: CursorPayload, order: UserOrder): UserCursor | undefined {
  const { sort, key, id } = cursor
  const fits = sort === sortText(order) && (key === null || typeof key === KEY_TYPES[order.by])
  return fits ? { key, id } : undefined
}

function sortText({ by, descending }: UserOrder): SortText {
  return descending ? `-${by}` : by
}
