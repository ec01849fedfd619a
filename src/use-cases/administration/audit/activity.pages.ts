import type { FastifyReply, FastifyRequest } from 'fastify'

import { EventPosition } from '#domain/audit/event-position.schema.ts'
import { EVENT_ACTIONS } from '#domain/audit/event.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { pager } from '#foundation/web/components/list-navigation.ts'
import { rowMenu } from '#foundation/web/components/menu.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { decodeCursor, encodeCursor } from '#foundation/web/http/pagination.ts'
import { answerOf, EMPTY_FORM, type FormState, readForm, refusedForm } from '#foundation/web/pages/form.ts'
import { sendPage } from '#foundation/web/pages/page.ts'
import { FILTER_FIELDS, filterChips, filterForm, filterSummary } from '#use-cases/page-sections/event-filter.pages.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import { eventsTable } from './activity-events.pages.ts'
import { exportHref } from './activity-export.pages.ts'
import { ACTIVITY_PATH, activityFilter, activityHref, type ActivityListQuery, apiPathFor } from './activity-filter.ts'
import { CHAIN_PATH, chainWarning } from './chain.pages.ts'
import { ActivityQuery } from './events.schema.ts'
import { listNamedEvents, type NamedEventPage } from './events.service.ts'
import { REFUSED_EVENTS_PATH } from './refused-event.ts'

const EVENTS_A_PAGE = 50

const navigation: NavigationEntry = {
  area: 'admin',
  group: 'system',
  order: 80,
  label: (say) => say.activity.title,
  drawing: 'activity',
  below: [`${ACTIVITY_PATH}/`, REFUSED_EVENTS_PATH],
  key: 'a',
}

/** The audit log with a filter; the URL holds the whole state of the page. */
export function activityPages(app: App): void {
  const config = { access: 'audit:read', page: true, undocumented: true } as const
  app.get(ACTIVITY_PATH, { config: { ...config, compressible: true, navigation } }, showActivity)
}

async function showActivity({ ctx, query }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const reader = adminReader(reply)
  const read = readForm(ActivityQuery, query)
  if ('fieldErrors' in read) return sendActivity(reply, reader, refusedForm(query, FILTER_FIELDS, read.fieldErrors))
  const { cursor, ...listQuery } = read.value
  const filter = activityFilter(listQuery, reader.principal.user.timeZone)
  const position = cursor === undefined ? null : decodeCursor(EventPosition, cursor)
  const { answer, refusal } = await answerOf(
    listNamedEvents(ctx, { ...filter, limit: EVENTS_A_PAGE, cursor: position }),
  )
  if (refusal) return sendActivity(reply, reader, refusedForm(query, FILTER_FIELDS, refusal))
  const list = listOf(reader, answer, { listQuery, cursor })
  const api = apiEquivalent(reader.say, ctx.config, { method: 'GET', path: apiPathFor(filter) })
  return sendActivity(reply, reader, { ...EMPTY_FORM, values: listQuery }, { list, api, listQuery })
}

interface Listed {
  readonly list: Html
  readonly api?: Html
  readonly listQuery?: ActivityListQuery
}

async function sendActivity(
  reply: FastifyReply,
  reader: AdminReader,
  state: FormState,
  { list, api, listQuery = {} }: Listed = { list: nothingShown(reader) },
): Promise<FastifyReply> {
  const { say } = reader
  const isFiltered = Object.keys(listQuery).length > 0
  return sendPage(reply, {
    title: [say.activity.title, say.overview.area],
    refusal: state.refusal,
    notice: filterSummary(say, state),
    modules: ['menu'],
    beside: toolMenu(say, listQuery),
    body: html`<p class="lead">${say.activity.lead}</p>
      ${await chainWarning(reply.request.ctx, reader)}
      <div class="finds">
        ${filterForm(reader, { path: ACTIVITY_PATH, fields: FILTER_FIELDS, actions: EVENT_ACTIONS, state })}
        ${isFiltered && filterChips(say, listQuery, activityHref)}
      </div>
      ${list}`,
    api,
  })
}

interface Shown {
  readonly listQuery: ActivityListQuery
  readonly cursor: string | undefined
}

function listOf(reader: AdminReader, { items, next }: NamedEventPage, { listQuery, cursor }: Shown): Html {
  const { say } = reader
  const nextHref = next === null ? undefined : activityHref(listQuery, encodeCursor(next))
  return html`${eventsTable(reader, items, Object.keys(listQuery).length > 0)} ${pager(say, { next: nextHref })}
  ${cursor !== undefined && html`<p><a href="${activityHref(listQuery)}">${say.activity.newest}</a></p>`}`
}

/** What is done with the log, each on a page of its own: behind a button, so that on a phone the list comes first. */
function toolMenu({ activity }: Texts, listQuery: ActivityListQuery): Html {
  const menu = rowMenu({
    label: activity.tools,
    entries: [
      html`<a href="${exportHref(listQuery)}">${activity.export.title}</a>`,
      html`<a href="${REFUSED_EVENTS_PATH}">${activity.trace.lookUp}</a>`,
      html`<a href="${CHAIN_PATH}">${activity.chain.page}</a>`,
    ],
  })
  return html`<div class="tools">${menu}</div>`
}

/** Replaces the list while the filter is invalid. */
function nothingShown({ say: { activity } }: AdminReader): Html {
  return html`<div class="found">
    <p>${activity.nothingShown}</p>
    <p><a href="${ACTIVITY_PATH}">${activity.showAll}</a></p>
  </div>`
}
