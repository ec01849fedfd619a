// The list of groups.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { GroupPosition } from '#domain/groups/group.schema.ts'
import { listGroups } from '#domain/groups/group.service.ts'
import type { ListedGroup } from '#domain/groups/group.ts'
import { permissionsOf } from '#foundation/kernel/principal.ts'
import { withQuery } from '#foundation/kernel/query-string.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { linkButton, primaryLink } from '#foundation/web/components/button.ts'
import { emptyState } from '#foundation/web/components/empty-state.ts'
import { withIcon } from '#foundation/web/components/icon.ts'
import { pager, searchForm, pagesAround } from '#foundation/web/components/list-navigation.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { name as isolated, withNames } from '#foundation/web/components/person-name.ts'
import { BLANK, dataTable } from '#foundation/web/components/table.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { decodeCursor } from '#foundation/web/http/pagination.ts'
import { flashSentence, readFlash } from '#foundation/web/pages/flash.ts'
import { queryText } from '#foundation/web/pages/form.ts'
import { sendPage } from '#foundation/web/pages/page.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import { groupPath, GROUPS_PATH } from './group-path.ts'

const GROUPS_A_PAGE = 50

const navigation: NavigationEntry = {
  area: 'admin',
  group: 'people',
  order: 30,
  label: (say) => say.groups.title,
  drawing: 'groups',
  key: 'g',
  finds: '/groups?limit=5&q=',
}

export function groupListPages(app: App): void {
  app.get(
    GROUPS_PATH,
    { config: { access: 'users:read', page: true, undocumented: true, compressible: true, navigation } },
    showGroups,
  )
}

async function showGroups({ ctx, query }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const reader = adminReader(reply)
  const { say, principal } = reader
  const { groups: words } = say
  const q = queryText(query, 'q')
  const cursor = queryText(query, 'cursor')
  const after = cursor === undefined ? undefined : decodeCursor(GroupPosition, cursor)
  const { items, next } = await listGroups(ctx, { q, after, limit: GROUPS_A_PAGE })
  const mayWrite = permissionsOf(principal).includes('groups:write')
  const pages = pagesAround(withQuery(GROUPS_PATH, { q }), { after, next })
  const add = mayWrite && primaryLink(`${GROUPS_PATH}/new`, withIcon('plus', words.new))
  const isEmpty = items.length === 0 && q === undefined
  return sendPage(reply, {
    title: words.title,
    done: flashSentence(words.done, readFlash(reply)),
    // An empty list has the button inside.
    ...(!isEmpty && add && { beside: add }),
    body: html`${!isEmpty && html`<p class="lead">${words.lead}</p>`}
    ${!isEmpty && searchForm(say, { action: GROUPS_PATH, name: 'q', value: q ?? '', label: words.search, placeholder: words.searchHint, hidden: {} })}
    ${q !== undefined && items.length > 0 && foundLine(reader, q)} ${groupTable(reader, items, { q, add })}
    ${pager(say, pages)}`,
    api: apiEquivalent(say, ctx.config, { method: 'GET', path: withQuery('/groups', { q }) }),
  })
}

function foundLine({ say: { groups: words } }: AdminReader, q: string): Html {
  return html`<p class="small found">
    <span role="status">${withNames(words.found, q)}</span>
    <a href="${GROUPS_PATH}">${words.clearSearch}</a>
  </p>`
}

function groupTable(
  { say }: AdminReader,
  items: readonly ListedGroup[],
  { q, add }: { readonly q: string | undefined; readonly add: Html | false },
): Html {
  const { columns, table, none, noMatches, clearSearch } = say.groups
  return dataTable({
    caption: table,
    kind: 'compact loose',
    columns: [{ label: columns.name }, { label: columns.members }, { label: columns.description, isPlain: true }],
    rows: items.map((group) => ({
      cells: [
        html`<a href="${groupPath(group)}">${isolated(group.name)}</a>`,
        group.members.toLocaleString(say.language),
        group.description === '' ? BLANK : isolated(group.description),
      ],
    })),
    empty:
      q === undefined
        ? emptyState({ drawing: 'people', ...none, action: add })
        : emptyState({
            drawing: 'ajar',
            title: withNames(noMatches, q),
            action: linkButton(GROUPS_PATH, clearSearch),
          }),
  })
}
