// Which part of the list of users a page shows, such as users 1 to 50 of 883.
import type { UserFilter } from './user-list.ts'

/** Above so many matches, the number of those of a search says no more to a reader. */
export const MOST_COUNTED = 1000

export interface UserRange {
  readonly first: number
  readonly last: number
  /** All users of the list; `more` for a search with more than `MOST_COUNTED` matches; null where they were not counted. */
  readonly total: number | 'more' | null
}

/** The number of users of each filter; null for a search with too many matches to count. */
type Tally = Readonly<
  Record<'all' | 'active' | 'withPasskey' | 'withApp' | 'invited' | 'noFactor' | 'disabled' | 'admins', number>
> | null

/** The number of users of a list, from the numbers of each filter. Two filters together, which have no number, give null. */
export function totalIn(tally: Tally, { q, status, role, secondFactor }: UserFilter): UserRange['total'] {
  if (tally === null) return 'more'
  if (secondFactor !== undefined && (status !== 'active' || role !== undefined || secondFactor === 'none')) return null
  if (status !== undefined && role !== undefined) return null
  // Only admins are counted apart from the others.
  if (role !== undefined && role !== 'admin') return null
  const ofFactor = { passkey: tally.withPasskey, app: tally.withApp, none: 0 }
  const ofStatus = {
    active: secondFactor === undefined ? tally.active : ofFactor[secondFactor],
    invited: tally.invited,
    'no-factor': tally.noFactor,
    disabled: tally.disabled,
  }
  const filtered = status === undefined ? tally.all : ofStatus[status]
  const total = role === undefined ? filtered : tally.admins
  return (q ?? '').trim() !== '' && total > MOST_COUNTED ? 'more' : total
}

/**
 * The range of a page; undefined for an empty page, and where the cursor of the page does not say how many users come before it.
 * @param page `before`: the users of the pages before; `shown`: those of this one; `isLast`: whether no page follows
 */
export function userRangeOf(
  { before, shown, isLast }: { readonly before: number | undefined; readonly shown: number; readonly isLast: boolean },
  total: UserRange['total'],
): UserRange | undefined {
  if (before === undefined || shown === 0) return undefined
  const last = before + shown
  // Users who were added or deleted while the pages were read: the page itself is what is known for sure.
  if (isLast) return { first: before + 1, last, total: last }
  return { first: before + 1, last, total: typeof total === 'number' ? Math.max(total, last) : total }
}
