import type { FastifyReply, FastifyRequest } from 'fastify'

import { signedIn } from '../../web/access.ts'
import type { App } from '../../web/app.ts'
import { primaryLink } from '../../web/components/button.ts'
import { filterLinks } from '../../web/components/filter-links.ts'
import { pager } from '../../web/components/pager.ts'
import { withNames } from '../../web/components/person-name.ts'
import { sameWithTheApi } from '../../web/components/same-with-the-api.ts'
import { searchForm } from '../../web/components/search-form.ts'
import { doneBanner, justDone } from '../../web/done.ts'
import { formToken } from '../../web/form-token.ts'
import { html } from '../../web/html.ts'
import type { Html } from '../../web/html.ts'
import { localeOf, sendPage } from '../../web/page.ts'
import { encodeCursor } from '../../web/pagination.ts'
import { texts } from '../../web/texts.ts'
import type { Texts } from '../../web/texts.ts'
import { cursorOf, orderOf } from './user-list.ts'
import type { UserPlace } from './user-list.ts'
import { countUsers, invitationEnds, turnUsers } from './user-list.service.ts'
import type { UserTally } from './user-list.service.ts'
import { addressIn, turnIn } from './users-address.schema.ts'
import { filterOf, PEOPLE_SHOWN, USERS_PATH, usersHref } from './users-address.ts'
import type { PeopleShown, UsersAddress } from './users-address.ts'
import { usersTable } from './users-table.pages.ts'

const USERS_A_PAGE = 50

/** Everybody, searched, filtered and in order; all of it in the address. */
export function usersPages(app: App): void {
  app.get(USERS_PATH, { config: { access: 'users:read', page: true, undocumented: true } }, showUsers)
}

async function showUsers(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const ctx = signedIn(request.ctx)
  const say = texts(localeOf(reply))
  const address = addressIn(request.query)
  const order = orderOf(address.sort)
  const listing = { ...filterOf(address), order, limit: USERS_A_PAGE }
  const { items, previous, next } = await turnUsers(ctx, listing, turnIn(address))
  const tally = await countUsers(ctx, address)
  const href = (key: 'before' | 'after', place: UserPlace | null) =>
    place === null ? undefined : usersHref({ ...address, ...HERE, [key]: encodeCursor(cursorOf(place, order)) })
  const table = usersTable(
    { say, now: ctx.now, timeZone: ctx.caller.user.timeZone, formToken: formToken(request) },
    {
      users: items,
      ends: await invitationEnds(ctx, items),
      ownId: ctx.caller.user.id,
      address,
      empty: emptyList(say, address),
    },
  )
  return sendPage(reply, {
    title: say.users.title,
    heading: say.users.heading(numberIn(say, tally.all)),
    frame: 'admin',
    modules: items.length > 0 ? ['selection'] : [],
    notice: doneBanner(say.user.doneInList, justDone(reply)),
    beside: primaryLink(`${USERS_PATH}/new`, say.users.new),
    body: html`${searchAndFilters(say, address, tally)} ${table}
    ${tally.all === 1 && address.q === undefined && onlyYou(say)}
    ${pager(say, { previous: href('before', previous), next: href('after', next) })}
    ${sameWithTheApi(say, ctx.config, { method: 'GET', path: usersHref({ ...address, ...HERE }).slice('/admin'.length) })}`,
  })
}

const HERE = { after: undefined, before: undefined } as const

function searchAndFilters(say: Texts, address: UsersAddress, tally: UserTally): Html {
  const { show, sort, q } = address
  const { filters } = say.users
  const links = PEOPLE_SHOWN.map((one) => ({
    href: usersHref({ ...address, ...HERE, show: one }),
    label: filters[one],
    count: numberIn(say, countOf(tally, one)),
    current: one === show,
  }))
  const kept = { ...filterOf({ show }), sort: sort === 'username' ? undefined : sort }
  const found = countOf(tally, show)
  return html`${searchForm(say, { action: USERS_PATH, name: 'q', value: q ?? '', label: say.users.search, hidden: kept })}
    ${filterLinks(filters.label, links)}
    <p class="small">
      <span id="found" role="status">${say.users.found(found, numberIn(say, found))}</span>
      ${found > 1 && orderLink(say, address)}
    </p>`
}

function orderLink({ users }: Texts, address: UsersAddress): Html {
  const newest = address.sort === '-created_at'
  const href = usersHref({ ...address, ...HERE, sort: newest ? 'username' : '-created_at' })
  return html`<a href="${href}">${newest ? users.byUsername : users.newestFirst}</a>`
}

function countOf({ noFactor, ...tally }: UserTally, show: PeopleShown): number {
  return show === 'no-factor' ? noFactor : tally[show]
}

function numberIn({ language }: Texts, count: number): string {
  return new Intl.NumberFormat(language).format(count)
}

function emptyList({ users }: Texts, address: UsersAddress): Html {
  if (address.q === undefined) {
    return html`<p>${users.nobodyHere}</p>
      <p><a href="${usersHref({ ...address, ...HERE, show: 'all' })}">${users.showAll}</a></p>`
  }
  return html`<p>${withNames(users.nobodyMatches, address.q)}</p>
    <p><a href="${usersHref({ ...address, ...HERE, q: undefined })}">${users.clearSearch}</a></p>`
}

function onlyYou({ users }: Texts): Html {
  return html`<p>${users.onlyYou} <a href="${USERS_PATH}/new">${users.inviteSomeone}</a></p>`
}
