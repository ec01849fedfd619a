import type { With } from '../context.ts'
import type { User } from '../users/user.ts'
import { segmentsFrom } from './user-list.ts'
import type { UserListing, UserPlace } from './user-list.ts'
import { selectUsers } from './user-list.view.ts'
import type { ListedUser } from './user-list.view.ts'

export interface UserPage {
  readonly items: User[]
  /** Where the next page begins; null on the last one. */
  readonly next: UserPlace | null
}

/** One page of users. Stable while users come and go: a page begins after a place, not after a count. */
export async function listUsers(ctx: With<'db'>, listing: UserListing): Promise<UserPage> {
  const listed: ListedUser[] = []
  // One more than asked for tells whether there is a next page.
  const wanted = listing.limit + 1
  for (const segment of segmentsFrom(listing.order, listing.after)) {
    if (listed.length === wanted) break
    listed.push(...(await selectUsers(ctx.db, listing, segment, wanted - listed.length)))
  }
  const page = listed.slice(0, listing.limit)
  const more = listed.length > listing.limit
  return { items: page.map(({ user }) => user), next: more ? (page.at(-1)?.place ?? null) : null }
}
