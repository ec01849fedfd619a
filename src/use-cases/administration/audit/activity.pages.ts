import type { FastifyReply, FastifyRequest } from 'fastify'

import type { EventCursor } from '../../../domain/audit/event.ts'
import { EventPosition } from '../../../domain/audit/event-position.schema.ts'
import { signedIn } from '../../../foundation/web/http/access.ts'
import type { App } from '../../../foundation/web/http/app.ts'
import { pager } from '../../../foundation/web/components/list-navigation.ts'
import { apiEquivalent } from '../../../foundation/web/components/api-equivalent.ts'
import { answerOf, EMPTY_FORM, readForm, refusedForm } from '../../../foundation/web/pages/form.ts'
import type { FormState } from '../../../foundation/web/pages/form.ts'
import { formToken } from '../../../foundation/web/http/form-token.ts'
import { html } from '../../../foundation/web/html.ts'
import type { Html } from '../../../foundation/web/html.ts'
import { localeOf, sendPage } from '../../../foundation/web/pages/page.ts'
import { decodeCursor, encodeCursor } from '../../../foundation/web/http/pagination.ts'
import { texts } from '../../../foundation/texts/texts.ts'
import { filterForm, FILTER_FIELDS, filterInWords, filterSummary } from './activity-form.pages.ts'
import { exportSection } from './activity-export.pages.ts'
import { ACTIVITY_PATH, activityFilter, activityHref, apiPathFor } from './activity-filter.ts'
import type { ActivityAddress, ActivityFilter } from './activity-filter.ts'
import { ActivityQuery } from './activity.schema.ts'
import { eventsTable } from './activity-events.pages.ts'
import type { ActivityReader } from './activity-events.pages.ts'
import { chainSection } from './chain.pages.ts'
import { chainState } from './chain.service.ts'
import { refusedEventSearchSection } from './refused-event-search.pages.ts'
import { listNamedEvents } from './events.service.ts'

const EVENTS_A_PAGE = 50

/** The audit log with a filter; the URL holds the whole state of the page. */
export function activityPages(app: App): void {
  const config = { access: 'audit:read', page: true, undocumented: true } as const
  app.get(ACTIVITY_PATH, { config }, (request, reply) => showActivity(request, reply))
}

interface Shown {
  readonly filter: ActivityFilter
  readonly address: ActivityAddress
  readonly cursor: string | undefined
}

async function showActivity(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const ctx = signedIn(request.ctx)
  const { timeZone } = ctx.principal.user
  const reader = {
    say: texts(localeOf(reply)),
    now: ctx.now,
    timeZone,
    config: ctx.config,
    formToken: formToken(request),
  }
  const read = readForm(ActivityQuery, request.query)
  if ('faults' in read) {
    const state = refusedForm(request.query, FILTER_FIELDS, read.faults)
    return sendActivity(request, reply, { reader, state, list: nothingShown(reader) })
  }
  const { cursor, ...address } = read.value
  const filter = activityFilter(address, timeZone)
  const place = cursor === undefined ? null : decodeCursor(EventPosition, cursor)
  const { answer, refusal } = await answerOf(listNamedEvents(ctx, { ...filter, limit: EVENTS_A_PAGE, cursor: place }))
  if (refusal) {
    const state = refusedForm(request.query, FILTER_FIELDS, refusal)
    return sendActivity(request, reply, { reader, state, list: nothingShown(reader) })
  }
  const state = { ...EMPTY_FORM, values: address }
  const list = listOf(reader, answer, { filter, address, cursor })
  return sendActivity(request, reply, { reader, state, list })
}

interface Sent {
  readonly reader: ActivityReader
  readonly state: FormState
  readonly list: Html
}

async function sendActivity({ ctx }: FastifyRequest, reply: FastifyReply, sent: Sent): Promise<FastifyReply> {
  const { reader, state, list } = sent
  const { say } = reader
  return sendPage(reply, {
    title: [say.activity.title, say.overview.area],
    frame: 'admin',
    failed: state.refusal !== undefined,
    refusal: state.refusal,
    notice: filterSummary(say, state),
    body: html`<p class="lead">${say.activity.lead}</p>
      ${filterForm(reader, state)} ${list} ${refusedEventSearchSection(say)}
      ${chainSection(reader, await chainState(ctx))}`,
  })
}

function listOf(
  reader: ActivityReader,
  { items, next }: Awaited<ReturnType<typeof listNamedEvents>>,
  { filter, address, cursor }: Shown,
): Html {
  const { say, config } = reader
  const isFiltered = Object.keys(address).length > 0
  const nextHref = (place: EventCursor): string => activityHref(address, encodeCursor(place))
  return html`${isFiltered && beside(filterInWords(say, address), showAll(reader))}
  ${eventsTable(reader, items, isFiltered)} ${pager(say, { next: next === null ? undefined : nextHref(next) })}
  ${cursor !== undefined && html`<p><a href="${activityHref(address)}">${say.activity.newest}</a></p>`}
  ${items.length > 0 && exportSection(reader, address)}
  ${apiEquivalent(say, config, { method: 'GET', path: apiPathFor(filter) })}`
}

/** Replaces the list while the filter is invalid. */
function nothingShown(reader: ActivityReader): Html {
  return beside(reader.say.activity.nothingShown, showAll(reader))
}

function beside(words: Html | string, link: Html): Html {
  return html`<div class="found">
    <p>${words}</p>
    <p>${link}</p>
  </div>`
}

function showAll({ say }: ActivityReader): Html {
  return html`<a href="${ACTIVITY_PATH}">${say.activity.showAll}</a>`
}
