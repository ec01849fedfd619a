// The list of apps.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { isOnDevice } from '#domain/clients/redirect-uri.ts'
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import { withQuery } from '#foundation/kernel/query-string.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { linkButton, primaryLink } from '#foundation/web/components/button.ts'
import { emptyState } from '#foundation/web/components/empty-state.ts'
import { withIcon } from '#foundation/web/components/icon.ts'
import { pager, searchForm, pagesAround } from '#foundation/web/components/list-navigation.ts'
import { momentOrNever } from '#foundation/web/components/moments.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { name as isolated, withNames } from '#foundation/web/components/person-name.ts'
import { chip } from '#foundation/web/components/status.ts'
import { BLANK, dataTable } from '#foundation/web/components/table.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { decodeCursor } from '#foundation/web/http/pagination.ts'
import { flashSentence, readFlash } from '#foundation/web/pages/flash.ts'
import { queryText } from '#foundation/web/pages/form.ts'
import { sendPage } from '#foundation/web/pages/page.ts'
import { appIcon } from '#use-cases/page-sections/app-icon.pages.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import { AGENTS_PATH, appPath, APPS_PATH, NEW_APP_PATH, RESOURCES_PATH } from './app-path.ts'
import { tabsOfApps } from './app-tabs.pages.ts'
import { AppPosition } from './clients.schema.ts'
import { type ListedApp, listApps } from './clients.service.ts'

const APPS_A_PAGE = 50

const navigation: NavigationEntry = {
  area: 'admin',
  group: 'access',
  order: 70,
  label: (say) => say.apps.title,
  drawing: 'apps',
  finds: '/apps?limit=5&q=',
  below: [`${APPS_PATH}/`, RESOURCES_PATH, AGENTS_PATH],
}

export function appsPages(app: App): void {
  app.get(APPS_PATH, { config: { access: 'apps:write', page: true, undocumented: true, navigation } }, showApps)
}

async function showApps({ ctx, query }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const reader = adminReader(reply)
  const { say } = reader
  const { apps: words } = say
  const q = queryText(query, 'q')
  const cursor = queryText(query, 'cursor')
  const after = cursor === undefined ? undefined : decodeCursor(AppPosition, cursor)
  const { items, next } = await listApps(ctx, { q, after, limit: APPS_A_PAGE })
  const isEmpty = items.length === 0 && q === undefined && after === undefined
  const add = primaryLink(NEW_APP_PATH, withIcon('plus', words.add))
  const pages = pagesAround(withQuery(APPS_PATH, { q }), { after, next })
  const list = html`<p class="lead">${words.lead}</p>
    ${searchForm(say, { action: APPS_PATH, name: 'q', value: q ?? '', label: words.search, placeholder: words.searchHint, hidden: {} })}
    ${q !== undefined && items.length > 0 && foundLine(reader, q)}
    ${appTable(reader, items, q === undefined ? html`` : noMatches(reader, q))} ${pager(say, pages)}`
  const empty = emptyState({ drawing: 'keys', ...words.none, action: add })
  return sendPage(reply, {
    title: words.title,
    done: flashSentence(words.done, readFlash(reply)),
    // An empty list has the button inside.
    ...(!isEmpty && { beside: add }),
    tabs: tabsOfApps(say),
    body: isEmpty ? appTable(reader, [], empty) : list,
    api: apiEquivalent(say, ctx.config, { method: 'GET', path: withQuery('/apps', { q }) }),
  })
}

function foundLine({ say: { apps: words } }: AdminReader, q: string): Html {
  return html`<p class="small found">
    <span role="status">${withNames(words.found, q)}</span>
    <a href="${APPS_PATH}">${words.clearSearch}</a>
  </p>`
}

function noMatches({ say: { apps: words } }: AdminReader, q: string): Html {
  return emptyState({
    drawing: 'ajar',
    title: withNames(words.noMatches, q),
    action: linkButton(APPS_PATH, words.clearSearch),
  })
}

function appTable(reader: AdminReader, items: readonly ListedApp[], empty: Html): Html {
  const { apps: words } = reader.say
  const { name, kind, host, signIns, lastUsed } = words.columns
  return dataTable({
    caption: words.table,
    kind: 'compact history catalogue',
    columns: [
      { label: name },
      { label: kind, isPlain: true },
      { label: host, isPlain: true },
      { label: signIns },
      { label: lastUsed },
    ],
    rows: items.map((item) => ({ cells: appCells(reader, item) })),
    empty,
  })
}

function appCells(reader: AdminReader, { client, use, icon }: ListedApp): (Html | string)[] {
  const { apps: words, language } = reader.say
  const [uri] = client.redirectUris
  return [
    html`<div class="who-line">
      ${appIcon({ ...client, icon }, 'small')}
      <a class="one-line" href="${appPath(client)}" title="${withoutTurns(client.name)}">${isolated(client.name)}</a>
      ${client.disabledAt !== null && chip('plain', words.disabled)}
    </div>`,
    html`<span class="short">${words.kinds[client.kind]}</span>`,
    uri === undefined ? BLANK : sendsTo(reader, uri),
    use.living === 0 ? BLANK : use.living.toLocaleString(language),
    momentOrNever(reader, use.lastUsedAt),
  ]
}

/** The host of a redirect URI, or that a program on the device is behind it. */
function sendsTo({ say }: Pick<AdminReader, 'say'>, uri: string): string {
  return isOnDevice(uri) ? say.apps.onDevice : (URL.parse(uri)?.host ?? uri)
}
