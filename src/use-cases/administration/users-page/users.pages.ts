// The page that lists users, with bulk actions.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { isMailOn } from '#domain/mail/mail.service.ts'
import { countWaitingRegistrations } from '#domain/registrations/registration.service.ts'
import { countUsersOfRoles } from '#domain/users/role-users.service.ts'
import { countUsers } from '#domain/users/user-count.service.ts'
import { findUserSummaries } from '#domain/users/user-summary.service.ts'
import type { With } from '#foundation/context.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { primaryLink } from '#foundation/web/components/button.ts'
import { emptyState } from '#foundation/web/components/empty-state.ts'
import { withIcon } from '#foundation/web/components/icon.ts'
import { pager } from '#foundation/web/components/list-navigation.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { encodeCursor } from '#foundation/web/http/pagination.ts'
import { flashSentence, readFlash } from '#foundation/web/pages/flash.ts'
import { sendPage } from '#foundation/web/pages/page.ts'
import { adminReader } from '../access/user-reader.pages.ts'
import { EMAIL_CONFIRMATIONS_PATH } from '../email-confirmations/email-confirmations.pages.ts'
import { lastInvitations } from '../invitations/invitation.service.ts'
import { REGISTRATIONS_PATH } from '../registrations/registrations.pages.ts'
import { groupOfPage } from '../users/group-of-list.service.ts'
import {
  DEFAULT_PAGE_SIZE,
  filterOf,
  PAGE_SIZES,
  type UserListQuery,
  USERS_PATH,
  usersHref,
} from '../users/user-list-query.ts'
import { LONGEST_WALK, pageUsers, tallyUsers } from '../users/user-list.service.ts'
import { cursorOf, orderOf, type UserCursor } from '../users/user-list.ts'
import { totalIn, userRangeOf } from '../users/user-range.ts'
import { listQueryIn, pageStartIn } from '../users/users.schema.ts'
import { clearSearch, HERE, searchAndFilters } from './user-filters.pages.ts'
import { usersTable } from './users-table.pages.ts'

const navigation: NavigationEntry = {
  area: 'admin',
  group: 'people',
  order: 20,
  label: (say) => say.users.title,
  drawing: 'users',
  below: [`${USERS_PATH}/`, REGISTRATIONS_PATH],
  key: 'u',
  finds: '/users?limit=8&q=',
}

/** The list of users with search, filters and order; the URL holds the whole state of the page. */
export function usersPages(app: App): void {
  app.get(
    USERS_PATH,
    { config: { access: 'users:read', page: true, undocumented: true, compressible: true, navigation } },
    showUsers,
  )
}

async function showUsers({ ctx, query }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const reader = adminReader(reply)
  const { say } = reader
  const mayWrite = reader.permissions.includes('users:write')
  const listQuery = listQueryIn(query)
  const order = orderOf(listQuery.sort)
  const limit = listQuery.size ?? DEFAULT_PAGE_SIZE
  const group = await groupOfPage(ctx, listQuery.group)
  const listing = { ...filterOf(listQuery), group, order, limit }
  const { items, previous, next, before } = await pageUsers(ctx, listing, pageStartIn(listQuery))
  const tally = await tallyUsers(ctx, listQuery.q, listing.group)
  const { counts } = await countUsers(ctx)
  const waiting = await countWaitingRegistrations(ctx)
  const isCut = next !== null && items.length < limit
  const href = (key: 'before' | 'after', position: UserCursor | null, ordinal: number | undefined) =>
    position === null
      ? undefined
      : usersHref({ ...listQuery, ...HERE, [key]: encodeCursor(cursorOf(position, order, ordinal)) })
  const pages = {
    first: previous === null ? undefined : usersHref({ ...listQuery, ...HERE }),
    previous: href('before', previous, before),
    next: href('after', next, before === undefined ? undefined : before + items.length),
  }
  const total = listQuery.role === undefined ? totalIn(tally, filterOf(listQuery)) : await totalOfRole(ctx, listQuery)
  const range = userRangeOf({ before, shown: items.length, isLast: next === null }, total)
  const [first] = items
  const invitations = await lastInvitations(ctx, items)
  const inviters = listQuery.show === 'invited' ? [...invitations.values()].map(({ createdBy }) => createdBy) : []
  const table = usersTable(reader, {
    users: items,
    invitations,
    inviters: await findUserSummaries(ctx, inviters),
    listQuery,
    empty: isCut ? html`` : emptyList(say, listQuery),
  })
  return sendPage(reply, {
    title: say.users.title,
    heading: say.users.heading(counts.total.toLocaleString(say.language)),
    skip: first && { href: `#user-${first.id}`, label: say.users.skip },
    modules: ['live-search', 'selection', 'menu', 'roving'],
    done: flashSentence(say.user.doneInList, readFlash(reply)),
    ...(mayWrite && { beside: primaryLink(`${USERS_PATH}/new`, withIcon('plus', say.users.new)) }),
    body: html`${group !== undefined && groupLine(say, listQuery, group.id !== '')}
    ${waiting > 0 && html`<p><a href="${REGISTRATIONS_PATH}">${say.registrations.inUsers(waiting)}</a></p>`}
    ${searchAndFilters(say, listQuery, { tally, total, range, pages })} ${table}
    ${isCut && html`<p>${(listQuery.q === undefined ? say.users.walkStopped : say.users.searchStopped)(LONGEST_WALK.toLocaleString(say.language))}</p>`}
    ${mayWrite && counts.total === 1 && listQuery.q === undefined && html`<p>${say.users.onlyYou} <a href="${USERS_PATH}/new">${say.users.inviteSomeone}</a></p>`}
    ${pager(say, pages)} ${(typeof total !== 'number' || total > PAGE_SIZES[0]) && sizeLinks(say, listQuery)}
    ${mayWrite && isMailOn(ctx.config) && html`<p class="small"><a href="${EMAIL_CONFIRMATIONS_PATH}">${say.emailConfirmations.open}</a></p>`}`,
    api: apiEquivalent(say, ctx.config, {
      method: 'GET',
      path: usersHref({ ...listQuery, ...HERE }).slice('/admin'.length),
    }),
  })
}

/** The group that the list is limited to, or that there is no such group. */
function groupLine({ groups }: Texts, listQuery: UserListQuery, exists: boolean): Html {
  return html`<p>
    ${withNames(exists ? groups.listed : groups.listedUnknown, listQuery.group ?? '')}
    <a href="${usersHref({ ...listQuery, ...HERE, group: undefined })}">${groups.listAll}</a>
  </p>`
}

/** How many users have the role of the list; null with a search or a group, for which they are not counted. */
async function totalOfRole(ctx: With<'db' | 'now'>, { q, role = '', group }: UserListQuery): Promise<number | null> {
  if (q !== undefined || group !== undefined) return null
  return (await countUsersOfRoles(ctx, [role])).get(role) ?? 0
}

/** Links to the page sizes, below the list, so that the Tab key reaches the first user sooner; the current one is plain text. */
function sizeLinks({ users }: Texts, listQuery: UserListQuery): Html {
  const sizes = PAGE_SIZES.map((size) =>
    size === listQuery.size
      ? html`<strong>${size}</strong>`
      : html`<a href="${usersHref({ ...listQuery, ...HERE, size })}" aria-label="${users.perPage(size)}">${size}</a>`,
  )
  return html`<p class="small turns"><span>${users.sizes}</span> ${sizes}</p>`
}

function emptyList(say: Texts, listQuery: UserListQuery): Html {
  const { users } = say
  if (listQuery.q === undefined) {
    const all = usersHref({ ...listQuery, ...HERE, role: undefined, show: 'all' })
    const drawing = listQuery.show === 'invited' ? 'letter' : 'people'
    return emptyState({ drawing, title: users.noUsersHere, action: html`<a href="${all}">${users.showAll}</a>` })
  }
  return emptyState({
    drawing: 'ajar',
    title: withNames(users.noMatches, listQuery.q),
    action: clearSearch(say, listQuery),
  })
}
