import type { With } from '../../context.ts'
import type { Instant } from '../../kernel/time.ts'
import type { User } from '../../users/user.ts'
import { statusOf } from '../../users/user.ts'
import { selectInvitationEnds } from '../invitations/invitations.view.ts'
import { reversed, segmentsFrom } from './user-list.ts'
import type { Segment, UserListing, UserPlace } from './user-list.ts'
import { selectPlace, selectUsers } from './user-list.view.ts'
import type { ListedUser } from './user-list.view.ts'
import { countFound, readSearch } from './user-search.view.ts'
import type { Search, UserTally } from './user-search.view.ts'
import { countUsers } from '../../users/user-count.service.ts'

export { MOST_FOUND } from './user-search.view.ts'
export type { UserTally } from './user-search.view.ts'

export interface UserPage {
  readonly items: User[]
  /** Where the next page begins; null on the last one. */
  readonly next: UserPlace | null
}

/** One page of users. Stable while users come and go: a page begins after a place, not after a count. */
export async function listUsers(ctx: With<'db'>, listing: UserListing): Promise<UserPage> {
  const { listed, more } = await readListed(ctx, { ...listing, search: await readSearch(ctx.db, listing.q) })
  return { items: listed.map(({ user }) => user), next: more ? (listed.at(-1)?.place ?? null) : null }
}

export interface UserSpread extends UserPage {
  /** The first user here, where the page before begins when it is read backwards; null on the first page. */
  readonly previous: UserPlace | null
}

/** From where a page is read: onwards after a place, or backwards before one; null for the first page. */
export type Turn = { readonly place: UserPlace; readonly backwards: boolean } | null

/**
 * One page of users from which one can go back as well as on. A page before the first full one is the first page itself,
 * so that going back never ends on half a page; so is a page whose place everybody has left.
 */
export async function turnUsers(ctx: With<'db'>, listing: Omit<UserListing, 'after'>, turn: Turn): Promise<UserSpread> {
  return turnSearched(ctx, { ...listing, search: await readSearch(ctx.db, listing.q) }, turn)
}

type Searched = { readonly search: Search | null }

async function turnSearched(
  ctx: With<'db'>,
  listing: Omit<UserListing, 'after'> & Searched,
  turn: Turn,
): Promise<UserSpread> {
  const order = turn?.backwards ? reversed(listing.order) : listing.order
  const { listed, more } = await readListed(ctx, { ...listing, order, after: turn?.place ?? null })
  if (turn !== null && (listed.length === 0 || (turn.backwards && !more))) return turnSearched(ctx, listing, null)
  const shown = turn?.backwards ? listed.toReversed() : listed
  const [first, last] = [shown.at(0)?.place ?? null, shown.at(-1)?.place ?? null]
  const before = turn === null ? null : { ...listing, order: reversed(listing.order), after: first }
  const hasPrevious = before !== null && (turn?.backwards || (await isAnybody(ctx, before)))
  const hasNext = turn?.backwards ? await isAnybody(ctx, { ...listing, after: last }) : more
  return {
    items: shown.map(({ user }) => user),
    previous: hasPrevious ? first : null,
    next: hasNext ? last : null,
  }
}

async function isAnybody(ctx: With<'db'>, listing: UserListing & Searched): Promise<boolean> {
  return (await readListed(ctx, { ...listing, limit: 0 })).more
}

interface Listed {
  readonly listed: ListedUser[]
  readonly more: boolean
}

async function readListed(ctx: With<'db'>, listing: UserListing & Searched): Promise<Listed> {
  // One more than asked for tells whether there is a next page.
  const limit = listing.limit + 1
  const segments = segmentsFrom(listing.order, listing.after)
  const { search } = listing
  if (search === null || search.isCommon) {
    const walked = await walkSegments(ctx, listing, segments, limit)
    if (walked !== undefined) return pageOf(walked, listing)
  }
  const found = search && { ...search, isCommon: false }
  return pageOf(await selectUsers(ctx.db, { ...listing, search: found }, segments, { limit }), listing)
}

/** Users looked at one after the other for a common term: more cost as much as finding and sorting all who match. */
const LONGEST_WALK = 6_000

/** Along the index; undefined where the page of a common term is not full by then, as whoever matches may all be at the end. */
async function walkSegments(
  { db }: With<'db'>,
  listing: UserListing & Searched,
  segments: readonly Segment[],
  limit: number,
): Promise<ListedUser[] | undefined> {
  const listed: ListedUser[] = []
  for (const segment of segments) {
    const end = listing.search === null ? null : await selectPlace(db, listing, segment, LONGEST_WALK)
    listed.push(...(await selectUsers(db, listing, [segment], { limit: limit - listed.length, end })))
    if (listed.length === limit) break
    if (end !== null) return undefined
  }
  return listed
}

function pageOf(listed: ListedUser[], { limit }: UserListing): Listed {
  return { listed: listed.slice(0, limit), more: listed.length > limit }
}

/** How many users each filter shows; of those whom a search finds, null where they are more than `MOST_FOUND`. */
export async function tallyUsers(ctx: With<'db'>, q: string | undefined): Promise<UserTally | null> {
  const search = await readSearch(ctx.db, q)
  if (search !== null) return search.isCommon ? null : countFound(ctx.db, search)
  const { counts } = await countUsers(ctx)
  return { ...counts, all: counts.total }
}

/** When the invitations of those who are invited end, or ended, by subject. */
export async function invitationEnds(ctx: With<'db'>, users: readonly User[]): Promise<ReadonlyMap<string, Instant>> {
  const invited = users.filter((user) => statusOf(user) === 'invited').map(({ subject }) => subject)
  return invited.length === 0 ? new Map() : selectInvitationEnds(ctx.db, invited)
}
