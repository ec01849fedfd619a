// The search, the filters and the orders above the list of users.

import { roleName } from '#foundation/texts/role-name.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { filterLinks, pageLinks, type Pages, searchForm } from '#foundation/web/components/list-navigation.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { type Html, html } from '#foundation/web/html.ts'
import {
  LISTED_USERS,
  orderAndSize,
  PARTS_OF_ACTIVE,
  shownParameters,
  type UserListQuery,
  USERS_PATH,
  usersHref,
  type UsersShown,
} from '../users/user-list-query.ts'
import type { UserTally } from '../users/user-list.service.ts'
import type { SortText } from '../users/user-list.ts'
import { MOST_COUNTED, type UserRange } from '../users/user-range.ts'

/** The query of a list from its beginning. */
export const HERE = { after: undefined, before: undefined, ticked: undefined } as const

export interface Found {
  /** Null if a search has more matches than are counted. */
  readonly tally: UserTally | null
  readonly total: UserRange['total']
  /** Undefined if the cursor does not say where the page begins. */
  readonly range: UserRange | undefined
  readonly pages: Pages
}

/** The search, the filters with their counts, and which users the page shows. */
export function searchAndFilters(say: Texts, listQuery: UserListQuery, found: Found): Html {
  const { show, q, role } = listQuery
  const { tally, total } = found
  const { filters } = say.users
  const isOfActive = show === 'active' || PARTS_OF_ACTIVE.includes(show)
  const offered = LISTED_USERS.filter((one) => isOfActive || !PARTS_OF_ACTIVE.includes(one))
  const links = offered.map((one) => ({
    href: usersHref({ ...listQuery, ...HERE, role: undefined, show: one }),
    label: filters[one],
    count: tally === null ? undefined : countOf(tally, one).toLocaleString(say.language),
    current: one === show && role === undefined,
  }))
  const ofRole =
    role === undefined
      ? []
      : [
          {
            href: usersHref({ ...listQuery, ...HERE }),
            label: `${say.account.role}: ${roleName(say, role)}`,
            current: true,
          },
        ]
  const kept = { group: listQuery.group, ...shownParameters(show, role), ...orderAndSize(listQuery) }
  const { search: label, searchHint: placeholder } = say.users
  return html`<div class="finds">
    ${searchForm(say, { action: USERS_PATH, name: 'q', value: q ?? '', label, placeholder, hidden: kept })}
    ${filterLinks(filters.label, [...links, ...ofRole])} ${total !== 0 && foundLine(say, listQuery, found)}
  </div>`
}

/** Which users the page shows, the pages beside it, and links to other orders. */
function foundLine(say: Texts, listQuery: UserListQuery, { total, range, pages }: Found): Html {
  const { users, language } = say
  const { q } = listQuery
  const isMany = typeof total !== 'number'
  const shown = isMany ? `${MOST_COUNTED.toLocaleString(language)}+` : total.toLocaleString(language)
  const count = isMany ? MOST_COUNTED + 1 : total
  const isWhole = pages.previous === undefined && pages.next === undefined
  const inRange = !isWhole && range && rangeInWords(say, range)
  const all =
    q === undefined
      ? html`${inRange || users.listed(count, shown)}`
      : withNames((query) => users.found(count, shown, query), q)
  return html`<div class="small found" data-roving>
    <p>
      <span id="found" role="status">${total === null ? inRange : all}</span>
      ${q !== undefined && html`${total !== null && inRange} ${clearSearch(say, listQuery)}`}
    </p>
    ${!isWhole && html`<p class="turns">${pageLinks(say, pages)}</p>`} ${count > 1 && orderLinks(say, listQuery)}
  </div>`
}

/** Such as `1–50 of 883`. */
function rangeInWords({ users, language }: Texts, { first, last, total }: UserRange): string {
  const number = (count: number): string => count.toLocaleString(language)
  const page = first === last ? number(first) : `${number(first)}–${number(last)}`
  if (total === null) return page
  return total === 'more' ? users.rangeOfMore(page, number(MOST_COUNTED)) : users.range(page, number(total))
}

/** Links to the orders; the current one is plain text. */
function orderLinks({ users }: Texts, listQuery: UserListQuery): Html {
  const { label, byUsername, newestFirst } = users.order
  const order = (sort: SortText, words: string): Html =>
    sort === listQuery.sort
      ? html`<strong>${words}</strong>`
      : html`<a href="${usersHref({ ...listQuery, ...HERE, sort })}">${words}</a>`
  return html`<p>${label} ${order('username', byUsername)} · ${order('-created_at', newestFirst)}</p>`
}

/** A link to the same list without its search. */
export function clearSearch({ users }: Texts, listQuery: UserListQuery): Html {
  return html`<a href="${usersHref({ ...listQuery, ...HERE, q: undefined })}">${users.clearSearch}</a>`
}

function countOf({ noFactor, withPasskey, withApp, ...tally }: UserTally, show: UsersShown): number {
  return { ...tally, 'no-factor': noFactor, passkey: withPasskey, app: withApp }[show]
}
