import type { With } from '../../../foundation/context.ts'
import type { Database } from '../../../foundation/platform/database/database.ts'
import type { User } from '../../../domain/users/user.ts'
import { reversed, segmentsFrom } from './user-list.ts'
import type { Segment, UserListing, UserCursor } from './user-list.ts'
import { selectPlace, selectUsers } from './user-list.view.ts'
import type { ListedUser } from './user-list.view.ts'
import { countFound, readSearch } from './user-search.view.ts'
import type { Search, UserTally } from './user-search.view.ts'
import { countUsers } from '../../../domain/users/user-count.service.ts'

export { MOST_FOUND } from './user-search.view.ts'
export type { UserTally } from './user-search.view.ts'

export interface UserPage {
  /** For a common term these can be fewer than fit on a page, or none, although more follow. */
  readonly items: User[]
  /** Where the next page begins; null on the last one. */
  readonly next: UserCursor | null
}

/** One page of users. Stable while users come and go: a page begins after a place, not after a count. */
export async function listUsers(ctx: With<'db'>, listing: UserListing): Promise<UserPage> {
  const read = await readListed(ctx, { ...listing, search: await readSearch(ctx.db, listing.q) })
  return { items: read.listed.map(({ user }) => user), next: nextOf(read) }
}

export interface UserSpread extends UserPage {
  /** The first user here, where the page before begins when it is read backwards; null on the first page. */
  readonly previous: UserCursor | null
}

/** From where a page is read: onwards after a place, or backwards before one; null for the first page. */
export type Turn = { readonly place: UserCursor; readonly backwards: boolean } | null

/**
 * One page of users from which one can go back as well as on. A page before the first full one is the first page itself,
 * so that going back never ends on half a page; so is a page whose place everybody has left.
 */
export async function pageUsers(ctx: With<'db'>, listing: Omit<UserListing, 'after'>, turn: Turn): Promise<UserSpread> {
  return turnSearched(ctx, { ...listing, search: await readSearch(ctx.db, listing.q) }, turn)
}

type Searched = { readonly search: Search | null }

async function turnSearched(
  ctx: With<'db'>,
  listing: Omit<UserListing, 'after'> & Searched,
  turn: Turn,
): Promise<UserSpread> {
  const order = turn?.backwards ? reversed(listing.order) : listing.order
  const read = await readListed(ctx, { ...listing, order, after: turn?.place ?? null })
  const next = nextOf(read)
  if (turn !== null && next === null && (turn.backwards || read.listed.length === 0))
    return turnSearched(ctx, listing, null)
  const shown = turn?.backwards ? read.listed.toReversed() : read.listed
  const items = shown.map(({ user }) => user)
  // Where a search found nobody on its way, the page lies before the place where it stopped.
  const [first, last] = [shown.at(0)?.place ?? next, shown.at(-1)?.place ?? next]
  if (turn?.backwards)
    return { items, previous: next, next: (await isAnybody(ctx, { ...listing, after: last })) ? last : null }
  const before = { ...listing, order: reversed(listing.order), after: first }
  return { items, previous: turn !== null && (await isAnybody(ctx, before)) ? first : null, next }
}

/** True also if a search stops before it finds the first one. */
async function isAnybody(ctx: With<'db'>, listing: UserListing & Searched): Promise<boolean> {
  const { more, stopped } = await readListed(ctx, { ...listing, limit: 0 })
  return more || stopped !== null
}

interface Listed {
  readonly listed: ListedUser[]
  readonly more: boolean
  /** Where a search stopped before the page was full, though users follow; else null. */
  readonly stopped: UserCursor | null
}

function nextOf({ listed, more, stopped }: Listed): UserCursor | null {
  return more ? (listed.at(-1)?.place ?? null) : stopped
}

async function readListed({ db }: With<'db'>, listing: UserListing & Searched): Promise<Listed> {
  const segments = segmentsFrom(listing.order, listing.after)
  const { search } = listing
  if (search === null || search.found === null) return walkSegments(db, listing, segments)
  return pageOf(await selectUsers(db, listing, segments, { limit: listing.limit + 1 }), listing)
}

/** How many users one page of a common term checks, one after the other: some ten milliseconds. */
export const LONGEST_WALK = 6000

/** Reads along the index. All matches of a common term may be at the end, so a walk that gets too long ends the page. */
async function walkSegments(
  db: Database,
  listing: UserListing & Searched,
  segments: readonly Segment[],
): Promise<Listed> {
  // One more than asked for tells whether there is a next page.
  const limit = listing.limit + 1
  const listed: ListedUser[] = []
  for (const segment of segments) {
    const end = listing.search === null ? null : await selectPlace(db, listing, segment, LONGEST_WALK)
    listed.push(...(await selectUsers(db, listing, [segment], { limit: limit - listed.length, end })))
    if (listed.length === limit) break
    if (end !== null) return { listed, more: false, stopped: end }
  }
  return pageOf(listed, listing)
}

function pageOf(found: ListedUser[], { limit }: UserListing): Listed {
  return { listed: found.slice(0, limit), more: found.length > limit, stopped: null }
}

/** How many users each filter shows; of those whom a search finds, null where they are more than `MOST_FOUND`. */
export async function tallyUsers(ctx: With<'db'>, q: string | undefined): Promise<UserTally | null> {
  const search = await readSearch(ctx.db, q)
  if (search !== null) return search.found === null ? null : countFound(ctx.db, search)
  const { counts } = await countUsers(ctx)
  return { ...counts, all: counts.total }
}
