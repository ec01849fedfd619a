// What the list of users shows, its orders, and its cursors (keyset pagination).
import type { SizedGroup } from '#domain/groups/group.ts'
import type { User, UserStatus } from '#domain/users/user.ts'

export const USER_SORTS = ['username', 'email', 'created_at', 'last_sign_in_at'] as const
export type UserSort = (typeof USER_SORTS)[number]

/** The type of each sort key; any of them may be missing. */
const KEY_TYPES: Record<UserSort, 'string' | 'number'> = {
  username: 'string',
  email: 'string',
  created_at: 'number',
  last_sign_in_at: 'number',
}

export const STRONGEST_FACTORS = ['passkey', 'app', 'none'] as const
export type StrongestFactor = (typeof STRONGEST_FACTORS)[number]

export interface UserOrder {
  readonly by: UserSort
  readonly descending: boolean
}

/** The last user of a page: the sort key, null if missing, and the id, which orders equal keys. */
export interface UserCursor {
  readonly key: string | number | null
  readonly id: number
}

export interface UserFilter {
  /** Part of a username, email or full name. */
  readonly q?: string | undefined
  readonly status?: UserStatus | undefined
  readonly role?: string | undefined
  /** The strongest second factor, whatever the status. */
  readonly secondFactor?: StrongestFactor | undefined
  /** Members of this group only. */
  readonly group?: SizedGroup | undefined
}

export interface UserListing extends UserFilter {
  readonly order: UserOrder
  readonly limit: number
  /** Null for the first page. */
  readonly after: UserCursor | null
}

/** A range of users that one index covers: those with a sort key, or those without one. */
export interface Segment {
  readonly of: 'keyed' | 'keyless'
  readonly after: UserCursor | null
}

/** A sort key, with `-` before it for descending. */
export type SortText = UserSort | `-${UserSort}`

/** Parses a sort parameter, such as `-created_at`. */
export function orderOf(text: SortText): UserOrder {
  const by = USER_SORTS.find((sort) => text.endsWith(sort))
  return { by: by ?? 'username', descending: text.startsWith('-') }
}

/** The opposite order, in which a page before a cursor is read. */
export function reversed({ by, descending }: UserOrder): UserOrder {
  return { by, descending: !descending }
}

/**
 * Returns the index ranges that a page reads, in order; users without a sort key count as smallest. Two plain ranges replace one
 * condition with `or`, for which the database would read every page before this one.
 */
export function segmentsFrom({ descending }: UserOrder, after: UserCursor | null): Segment[] {
  const inOrder = descending ? (['keyed', 'keyless'] as const) : (['keyless', 'keyed'] as const)
  if (after === null) return inOrder.map((of) => ({ of, after: null }))
  const current = after.key === null ? 'keyless' : 'keyed'
  const rest = inOrder.slice(inOrder.indexOf(current) + 1)
  return [{ of: current, after }, ...rest.map((of) => ({ of, after: null }))]
}

/** The content of a cursor. It contains the order, so that it is refused under another one. */
export interface CursorPayload extends UserCursor {
  readonly sort: SortText
  /**
   * How many users come before the page that begins after the position, or, where the list is read backwards, before the position
   * itself. It is for the range that a page shows; cursors of earlier builds do not say.
   */
  readonly ordinal?: number | undefined
}

/** The content of the cursor for a position in this order, behind so many users, if that is known. */
export function cursorOf(position: UserCursor, order: UserOrder, ordinal?: number): CursorPayload {
  return { sort: sortText(order), ...position, ...(ordinal !== undefined && { ordinal }) }
}

/** Returns the position in a cursor; undefined if its order or the type of its key differs. A client can forge cursors. */
export function positionIn(cursor: CursorPayload, order: UserOrder): UserCursor | undefined {
  const { sort, key, id } = cursor
  const fits = sort === sortText(order) && (key === null || typeof key === KEY_TYPES[order.by])
  return fits ? { key, id } : undefined
}

function sortText({ by, descending }: UserOrder): SortText {
  return descending ? `-${by}` : by
}

/** The strongest second factor of a user, as lists show it. */
export function secondFactorOf({ passkeyAt, secondFactorAt }: User): StrongestFactor {
  if (secondFactorAt === null) return 'none'
  return passkeyAt === null ? 'app' : 'passkey'
}
