// The page that lists users, with bulk actions.
import type { FastifyReply, FastifyRequest } from 'fastify'

import type { User } from '../../../domain/users/user.ts'
import type { App } from '../../../foundation/web/http/app.ts'
import { primaryLink } from '../../../foundation/web/components/button.ts'
import { filterLinks, pager, searchForm } from '../../../foundation/web/components/list-navigation.ts'
import { withNames } from '../../../foundation/web/components/person-name.ts'
import { apiEquivalent } from '../../../foundation/web/components/api-equivalent.ts'
import { flashBanner, readFlash } from '../../../foundation/web/pages/flash.ts'
import { withIcon } from '../../../foundation/web/components/icon.ts'
import { html } from '../../../foundation/web/html.ts'
import type { Html } from '../../../foundation/web/html.ts'
import { sendPage } from '../../../foundation/web/pages/page.ts'
import { encodeCursor } from '../../../foundation/web/http/pagination.ts'
import type { Texts } from '../../../foundation/texts/texts.ts'
import { cursorOf, orderOf } from '../users/user-list.ts'
import type { SortText, UserCursor } from '../users/user-list.ts'
import { LONGEST_WALK, MOST_FOUND, tallyUsers, pageUsers } from '../users/user-list.service.ts'
import { invitationEnds } from '../invitations/invitation.service.ts'
import type { UserTally } from '../users/user-list.service.ts'
import { countUsers } from '../../../domain/users/user-count.service.ts'
import { addressIn, pageStartIn } from '../users/users.schema.ts'
import { filterOf, LISTED_USERS, USERS_PATH, usersHref } from '../users/user-list-query.ts'
import type { UsersShown, UserListQuery } from '../users/user-list-query.ts'
import { adminReader } from '../access/user-reader.pages.ts'
import { usersTable } from './users-table.pages.ts'

const USERS_A_PAGE = 50

/** The list of users with search, filters and order; the URL holds the whole state of the page. */
export function usersPages(app: App): void {
  app.get(USERS_PATH, { config: { access: 'users:read', page: true, undocumented: true } }, showUsers)
}

async function showUsers({ ctx, query }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const reader = adminReader(reply)
  const { say } = reader
  const address = addressIn(query)
  const order = orderOf(address.sort)
  const listing = { ...filterOf(address), order, limit: USERS_A_PAGE }
  const { items, previous, next } = await pageUsers(ctx, listing, pageStartIn(address))
  const tally = await tallyUsers(ctx, address.q)
  const { counts } = await countUsers(ctx)
  const isCut = next !== null && items.length < USERS_A_PAGE
  const href = (key: 'before' | 'after', place: UserCursor | null) =>
    place === null ? undefined : usersHref({ ...address, ...HERE, [key]: encodeCursor(cursorOf(place, order)) })
  const [first] = items
  const table = usersTable(reader, {
    users: items,
    ends: await invitationEnds(ctx, items),
    address,
    empty: isCut ? html`` : emptyList(say, address),
  })
  return sendPage(reply, {
    title: say.users.title,
    heading: say.users.heading(counts.total.toLocaleString(say.language)),
    frame: 'admin',
    skip: first && { href: `#user-${first.id}`, label: say.users.skip },
    modules: items.length > 0 ? ['selection', 'menu'] : [],
    notice: flashBanner(say.user.doneInList, readFlash(reply)),
    beside: primaryLink(`${USERS_PATH}/new`, withIcon('plus', say.users.new)),
    body: html`${searchAndFilters(say, address, { tally, from: previous === null ? undefined : first })} ${table}
    ${isCut && html`<p>${say.users.searchStopped(LONGEST_WALK.toLocaleString(say.language))}</p>`}
    ${counts.total === 1 && address.q === undefined && html`<p>${say.users.onlyYou} <a href="${USERS_PATH}/new">${say.users.inviteSomeone}</a></p>`}
    ${pager(say, {
      first: previous === null ? undefined : usersHref({ ...address, ...HERE }),
      previous: href('before', previous),
      next: href('after', next),
    })}`,
    api: apiEquivalent(say, ctx.config, {
      method: 'GET',
      path: usersHref({ ...address, ...HERE }).slice('/admin'.length),
    }),
  })
}

const HERE = { after: undefined, before: undefined } as const

interface Found {
  /** Null if a search has more matches than are counted. */
  readonly tally: UserTally | null
  /** The first user of the page, unless it is the first page. */
  readonly from: User | undefined
}

function searchAndFilters(say: Texts, address: UserListQuery, { tally, from }: Found): Html {
  const { show, sort, q } = address
  const { filters } = say.users
  const links = LISTED_USERS.map((one) => ({
    href: usersHref({ ...address, ...HERE, show: one }),
    label: filters[one],
    count: tally === null ? undefined : countOf(tally, one).toLocaleString(say.language),
    current: one === show,
  }))
  const kept = { ...filterOf({ show }), sort: sort === 'username' ? undefined : sort }
  const found = tally === null ? MOST_FOUND + 1 : countOf(tally, show)
  const { search: label, searchHint: placeholder } = say.users
  return html`<div class="finds">
    ${searchForm(say, { action: USERS_PATH, name: 'q', value: q ?? '', label, placeholder, hidden: kept })}
    ${filterLinks(filters.label, links)} ${found > 0 && foundLine(say, address, { found, from })}
  </div>`
}

/** The number of users found, where the page begins, and their order. */
function foundLine(
  say: Texts,
  address: UserListQuery,
  { found, from }: { readonly found: number; readonly from: User | undefined },
): Html {
  const { users } = say
  const { q } = address
  const shown =
    found > MOST_FOUND && q !== undefined
      ? `${MOST_FOUND.toLocaleString(say.language)}+`
      : found.toLocaleString(say.language)
  const hits =
    q === undefined ? html`${users.listed(found, shown)}` : withNames((query) => users.found(found, shown, query), q)
  return html`<div class="small found">
    <p><span id="found" role="status">${hits}</span> ${q !== undefined && clearSearch(say, address)}</p>
    ${from && html`<p>${withNames(users.from, from.username)}</p>`} ${found > 1 && orderLinks(say, address)}
  </div>`
}

/** Links to the orders; the present one is plain text. */
function orderLinks({ users }: Texts, address: UserListQuery): Html {
  const { label, byUsername, newestFirst } = users.order
  const order = (sort: SortText, words: string): Html =>
    sort === address.sort
      ? html`<strong>${words}</strong>`
      : html`<a href="${usersHref({ ...address, ...HERE, sort })}">${words}</a>`
  return html`<p>${label} ${order('username', byUsername)} · ${order('-created_at', newestFirst)}</p>`
}

function clearSearch({ users }: Texts, address: UserListQuery): Html {
  return html`<a href="${usersHref({ ...address, ...HERE, q: undefined })}">${users.clearSearch}</a>`
}

function countOf({ noFactor, ...tally }: UserTally, show: UsersShown): number {
  return show === 'no-factor' ? noFactor : tally[show]
}

function emptyList(say: Texts, address: UserListQuery): Html {
  const { users } = say
  if (address.q === undefined) {
    return html`<p>${users.nobodyHere}</p>
      <p><a href="${usersHref({ ...address, ...HERE, show: 'all' })}">${users.showAll}</a></p>`
  }
  return html`<p>${withNames(users.nobodyMatches, address.q)}</p>
    <p>${clearSearch(say, address)}</p>`
}
