// The list of resources.
import type { FastifyReply, FastifyRequest } from 'fastify'

import type { Resource } from '#domain/clients/resource.ts'
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { primaryLink } from '#foundation/web/components/button.ts'
import { emptyState } from '#foundation/web/components/empty-state.ts'
import { withIcon } from '#foundation/web/components/icon.ts'
import { pager, pagesAround } from '#foundation/web/components/list-navigation.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { name as isolated } from '#foundation/web/components/person-name.ts'
import { chip } from '#foundation/web/components/status.ts'
import { dataTable } from '#foundation/web/components/table.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { decodeCursor } from '#foundation/web/http/pagination.ts'
import { flashSentence, readFlash } from '#foundation/web/pages/flash.ts'
import { queryText } from '#foundation/web/pages/form.ts'
import { sendPage } from '#foundation/web/pages/page.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import { tabsOfApps } from '../clients/app-tabs.pages.ts'
import { NEW_RESOURCE_PATH, resourcePath, RESOURCES_PATH } from './resource-path.ts'
import { ResourcePosition } from './resources.schema.ts'
import { listNamedResources, type NamedResource } from './resources.service.ts'

const RESOURCES_A_PAGE = 50

const navigation: NavigationEntry = { area: 'palette', order: 76, label: (say) => say.resources.title }

export function resourcesPages(app: App): void {
  const config = { access: 'apps:write', page: true, undocumented: true, navigation } as const
  app.get(RESOURCES_PATH, { config }, showResources)
}

async function showResources({ ctx, query }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const reader = adminReader(reply)
  const { say } = reader
  const { resources: words } = say
  const cursor = queryText(query, 'cursor')
  const after = cursor === undefined ? undefined : decodeCursor(ResourcePosition, cursor)
  const { items, next } = await listNamedResources(ctx, { after, limit: RESOURCES_A_PAGE })
  const add = primaryLink(NEW_RESOURCE_PATH, withIcon('plus', words.add))
  const pages = pagesAround(RESOURCES_PATH, { after, next })
  const { name, tokens, apps } = words.columns
  return sendPage(reply, {
    title: [words.title, say.apps.title],
    done: flashSentence(words.done, readFlash(reply)),
    // An empty list has the button inside.
    ...(items.length > 0 && { beside: add }),
    tabs: tabsOfApps(say),
    body: html`<p class="lead">${words.lead}</p>
      ${dataTable({
        caption: words.table,
        kind: 'compact history catalogue addressed',
        columns: [name, tokens, apps].map((label) => ({ label })),
        rows: items.map((item) => ({ cells: resourceCells(reader, item) })),
        empty: emptyState({ drawing: 'keys', ...words.none, action: add }),
      })}
      ${pager(say, pages)}`,
    api: apiEquivalent(say, ctx.config, { method: 'GET', path: '/resources' }),
  })
}

function resourceCells(reader: AdminReader, { resource, names }: NamedResource): (Html | string)[] {
  const { resources: words } = reader.say
  const { uri, name, tokenFormat, isServed } = resource
  const apps = allowedInWords(reader, resource, names)
  return [
    html`<div class="who-line">
        <a class="one-line" href="${resourcePath(resource)}" title="${withoutTurns(name)}">${isolated(name)}</a>
        ${!isServed && chip('plain', words.notServed)}
      </div>
      <div class="small">${uri}</div>`,
    html`<span class="short">${words.formats[tokenFormat]}</span>`,
    html`<div class="one-line" title="${apps}">${isolated(apps)}</div>`,
  ]
}

/** The apps that may request tokens for a resource. */
function allowedInWords(
  { say }: AdminReader,
  { allowedClients }: Resource,
  names: ReadonlyMap<string, string>,
): string {
  const { resources: words } = say
  if (allowedClients === 'all') return words.allApps
  if (allowedClients.length === 0) return words.noApps
  return withoutTurns(allowedClients.map((id) => names.get(id) ?? words.gone).join(', '))
}
