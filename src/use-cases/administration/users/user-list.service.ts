import { countUsers } from '#domain/users/user-count.service.ts'
import type { User } from '#domain/users/user.ts'
import type { With } from '#foundation/context.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { reversed, type Segment, segmentsFrom, type UserCursor, type UserListing } from './user-list.ts'
import { type ListedUser, selectPosition, selectUsers } from './user-list.view.ts'
import { countFound, readSearch, type Search, type UserTally } from './user-search.view.ts'

export { MOST_FOUND } from './user-search.view.ts'
export type { UserTally } from './user-search.view.ts'

export interface UserPage {
  /** For a common search term or one kind of second factor these can be fewer than `limit`, or none, although more follow. */
  readonly items: User[]
  /** The cursor of the next page; null on the last one. */
  readonly next: UserCursor | null
}

/** Returns a page of users. Keyset pagination: a page begins after a cursor, so it is stable while users are added or deleted. */
export async function listUsers(ctx: With<'db'>, listing: UserListing): Promise<UserPage> {
  const read = await readListed(ctx, { ...listing, search: await readSearch(ctx.db, listing.q) })
  return { items: read.listed.map(({ user }) => user), next: nextOf(read) }
}

export interface UserSpread extends UserPage {
  /** The cursor of the page before, which is read backwards; null on the first page. */
  readonly previous: UserCursor | null
  /** How many users come before the page; undefined if its cursor does not say. */
  readonly before: number | undefined
}

/** Cursor and direction of a page, with the ordinal of the cursor; null for the first page. */
export type PageStart = {
  readonly position: UserCursor
  readonly backwards: boolean
  readonly ordinal?: number | undefined
} | null

/**
 * Returns a page of users with cursors in both directions. A page read backwards that reaches the beginning, and a page read forwards
 * without users, become the first page, so that going back never ends on an incomplete page.
 */
export async function pageUsers(
  ctx: With<'db'>,
  listing: Omit<UserListing, 'after'>,
  start: PageStart,
): Promise<UserSpread> {
  return pageSearched(ctx, { ...listing, search: await readSearch(ctx.db, listing.q) }, start)
}

type Searched = { readonly search: Search | null }

async function pageSearched(
  ctx: With<'db'>,
  listing: Omit<UserListing, 'after'> & Searched,
  start: PageStart,
): Promise<UserSpread> {
  const order = start?.backwards ? reversed(listing.order) : listing.order
  const read = await readListed(ctx, { ...listing, order, after: start?.position ?? null })
  const next = nextOf(read)
  if (start !== null && next === null && (start.backwards || read.listed.length === 0))
    return pageSearched(ctx, listing, null)
  const shown = start?.backwards ? read.listed.toReversed() : read.listed
  const items = shown.map(({ user }) => user)
  // If a search found no user before it stopped, the page is empty and ends at that cursor.
  const [first, last] = [shown.at(0)?.position ?? next, shown.at(-1)?.position ?? next]
  if (start?.backwards) {
    const hasNext = await hasFurtherUser(ctx, { ...listing, after: last })
    const before = start.ordinal === undefined ? undefined : Math.max(start.ordinal - items.length, 0)
    return { items, previous: next, next: hasNext ? last : null, before }
  }
  const earlier = { ...listing, order: reversed(listing.order), after: first }
  const isFirst = start === null || !(await hasFurtherUser(ctx, earlier))
  return { items, previous: isFirst ? null : first, next, before: isFirst ? 0 : start.ordinal }
}

/** Whether a further user exists; true also if a search stops before it finds one. */
async function hasFurtherUser(ctx: With<'db'>, listing: UserListing & Searched): Promise<boolean> {
  const { more, stopped } = await readListed(ctx, { ...listing, limit: 0 })
  return more || stopped !== null
}

interface Listed {
  readonly listed: ListedUser[]
  readonly more: boolean
  /** The cursor at which a walk stopped before the page was full; else null. */
  readonly stopped: UserCursor | null
}

function nextOf({ listed, more, stopped }: Listed): UserCursor | null {
  return more ? (listed.at(-1)?.position ?? null) : stopped
}

async function readListed({ db }: With<'db'>, listing: UserListing & Searched): Promise<Listed> {
  const segments = segmentsFrom(listing.order, listing.after)
  const { search, group, secondFactor } = listing
  const lookUp = async (wanted: UserListing & Searched, by = db): Promise<Listed> =>
    fullPage(await selectUsers(by, wanted, segments, { limit: listing.limit + 1 }), listing)
  if (group?.isLarge === false || (search !== null && search.found !== null)) return lookUp(listing)
  const walked = await walkSegments(db, listing, segments)
  // All members of a large group may be at the end of the list; then they are looked up and sorted, as those of a small one.
  const isLate = walked.stopped !== null && group !== undefined && search === null && secondFactor === undefined
  return isLate ? lookUp({ ...listing, group: { ...group, isLarge: false } }, db.forLongReads) : walked
}

/** How many users one page of a common term, of one kind of second factor or of a large group checks one by one, which takes some milliseconds. */
export const LONGEST_WALK = 3000

/** Reads along the index. All matches of what has no index may be at its end, so a walk of `LONGEST_WALK` users ends the page. */
async function walkSegments(
  db: Database,
  listing: UserListing & Searched,
  segments: readonly Segment[],
): Promise<Listed> {
  // One user more than requested shows whether there is a next page.
  const limit = listing.limit + 1
  const listed: ListedUser[] = []
  for (const segment of segments) {
    const { search, secondFactor, group } = listing
    const isChecked = search !== null || secondFactor !== undefined || group !== undefined
    const end = isChecked ? await selectPosition(db, listing, segment, LONGEST_WALK) : null
    listed.push(...(await selectUsers(db, listing, [segment], { limit: limit - listed.length, end })))
    if (listed.length === limit) break
    if (end !== null) return { listed, more: false, stopped: end }
  }
  return fullPage(listed, listing)
}

function fullPage(found: ListedUser[], { limit }: UserListing): Listed {
  return { listed: found.slice(0, limit), more: found.length > limit, stopped: null }
}

/**
 * Returns how many users each filter shows, among the matches of a search and the members of a group; null if the search has more than
 * `MOST_FOUND` matches, or the group is large.
 */
export async function tallyUsers(
  ctx: With<'db'>,
  q: string | undefined,
  group?: UserListing['group'],
): Promise<UserTally | null> {
  const search = await readSearch(ctx.db, q)
  if (search !== null) return search.found === null ? null : countFound(ctx.db, search, group)
  if (group !== undefined) return group.isLarge ? null : countFound(ctx.db, null, group)
  const { counts } = await countUsers(ctx)
  return { ...counts, all: counts.total }
}
