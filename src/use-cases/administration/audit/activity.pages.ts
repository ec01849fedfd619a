import type { FastifyReply, FastifyRequest } from 'fastify'

import { EventPosition } from '../../../domain/audit/event-position.schema.ts'
import type { App } from '../../../foundation/web/http/app.ts'
import { pager } from '../../../foundation/web/components/list-navigation.ts'
import { apiEquivalent } from '../../../foundation/web/components/api-equivalent.ts'
import { answerOf, EMPTY_FORM, readForm, refusedForm } from '../../../foundation/web/pages/form.ts'
import type { FormState } from '../../../foundation/web/pages/form.ts'
import { html } from '../../../foundation/web/html.ts'
import type { Html } from '../../../foundation/web/html.ts'
import { sendPage } from '../../../foundation/web/pages/page.ts'
import { decodeCursor, encodeCursor } from '../../../foundation/web/http/pagination.ts'
import type { Texts } from '../../../foundation/texts/texts.ts'
import { adminReader } from '../access/user-reader.pages.ts'
import type { AdminReader } from '../access/user-reader.pages.ts'
import { filterForm, FILTER_FIELDS, filterInWords, filterSummary } from './activity-form.pages.ts'
import { exportSection } from './activity-export.pages.ts'
import { ACTIVITY_PATH, activityFilter, activityHref, apiPathFor } from './activity-filter.ts'
import type { ActivityAddress } from './activity-filter.ts'
import { eventsTable } from './activity-events.pages.ts'
import { chainSection } from './chain.pages.ts'
import { refusedEventSearchSection } from './refused-event-search.pages.ts'
import { ActivityQuery } from './events.schema.ts'
import { listNamedEvents } from './events.service.ts'
import type { NamedEventPage } from './events.service.ts'

const EVENTS_A_PAGE = 50

/** The audit log with a filter; the URL holds the whole state of the page. */
export function activityPages(app: App): void {
  const config = { access: 'audit:read', page: true, undocumented: true } as const
  app.get(ACTIVITY_PATH, { config }, showActivity)
}

async function showActivity({ ctx, query }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const reader = adminReader(reply)
  const read = readForm(ActivityQuery, query)
  if ('fieldErrors' in read) return sendActivity(reply, reader, refusedForm(query, FILTER_FIELDS, read.fieldErrors))
  const { cursor, ...address } = read.value
  const filter = activityFilter(address, reader.principal.user.timeZone)
  const place = cursor === undefined ? null : decodeCursor(EventPosition, cursor)
  const { answer, refusal } = await answerOf(listNamedEvents(ctx, { ...filter, limit: EVENTS_A_PAGE, cursor: place }))
  if (refusal) return sendActivity(reply, reader, refusedForm(query, FILTER_FIELDS, refusal))
  const list = listOf(reader, answer, { address, cursor })
  const api = apiEquivalent(reader.say, ctx.config, { method: 'GET', path: apiPathFor(filter) })
  return sendActivity(reply, reader, { ...EMPTY_FORM, values: address }, { list, api })
}

async function sendActivity(
  reply: FastifyReply,
  reader: AdminReader,
  state: FormState,
  { list, api }: { readonly list: Html; readonly api?: Html } = { list: nothingShown(reader) },
): Promise<FastifyReply> {
  const { say } = reader
  return sendPage(reply, {
    title: [say.activity.title, say.overview.area],
    frame: 'admin',
    failed: state.refusal !== undefined,
    refusal: state.refusal,
    notice: filterSummary(say, state),
    body: html`<p class="lead">${say.activity.lead}</p>
      ${filterForm(reader, state)} ${list} ${refusedEventSearchSection(say)}
      ${await chainSection(reply.request.ctx, reader)}`,
    api,
  })
}

interface Shown {
  readonly address: ActivityAddress
  readonly cursor: string | undefined
}

function listOf(reader: AdminReader, { items, next }: NamedEventPage, { address, cursor }: Shown): Html {
  const { say } = reader
  const isFiltered = Object.keys(address).length > 0
  const nextHref = next === null ? undefined : activityHref(address, encodeCursor(next))
  return html`${isFiltered && besideShowAll(say, filterInWords(say, address))} ${eventsTable(reader, items, isFiltered)}
  ${pager(say, { next: nextHref })}
  ${cursor !== undefined && html`<p><a href="${activityHref(address)}">${say.activity.newest}</a></p>`}
  ${items.length > 0 && exportSection(reader, address)}`
}

/** Replaces the list while the filter is invalid. */
function nothingShown({ say }: AdminReader): Html {
  return besideShowAll(say, say.activity.nothingShown)
}

function besideShowAll({ activity }: Texts, words: Html | string): Html {
  return html`<div class="found">
    <p>${words}</p>
    <p><a href="${ACTIVITY_PATH}">${activity.showAll}</a></p>
  </div>`
}
