import type { FastifyReply, FastifyRequest } from 'fastify'

import { EventPosition } from '#domain/audit/event-position.schema.ts'
import { ACCOUNT_ACTIONS, EVENT_ACTIONS, type EventAction } from '#domain/audit/event.ts'
import { permissionsOf } from '#foundation/kernel/principal.ts'
import { withQuery } from '#foundation/kernel/query-string.ts'
import { startOfDay } from '#foundation/kernel/start-of-day.ts'
import { toRfc3339 } from '#foundation/kernel/time.ts'
import { standaloneReason, type Texts, texts } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { eventWords } from '#foundation/web/components/event-words.ts'
import { pager } from '#foundation/web/components/list-navigation.ts'
import { dayOf, moment, type MomentReader, timeUnderDay } from '#foundation/web/components/moments.ts'
import { name } from '#foundation/web/components/person-name.ts'
import { state } from '#foundation/web/components/status.ts'
import { dataTable, type Row } from '#foundation/web/components/table.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { decodeCursor, encodeCursor } from '#foundation/web/http/pagination.ts'
import { EMPTY_FORM, type FormState, readForm, refusedForm } from '#foundation/web/pages/form.ts'
import { localeOf, sendPage } from '#foundation/web/pages/page.ts'
import { authenticatedWith, deviceText } from '#use-cases/page-sections/device.pages.ts'
import {
  type EventListQuery,
  filterChips,
  filterForm,
  filterSummary,
} from '#use-cases/page-sections/event-filter.pages.ts'
import { OwnActivityForm, presentOwnEvent } from './own-activity.schema.ts'
import { listOwnActivity, type OwnEvent } from './own-activity.service.ts'

const PATH = '/account/activity'
const PER_PAGE = 50
/** The fields of the filter: what happened, and since when. */
const FIELDS = ['action', 'from'] as const

/** The user's own audit events, paginated, with a filter in the URL. */
export function ownActivityPages(app: App): void {
  const config = { access: 'signed-in', page: true, undocumented: true } as const
  app.get(PATH, { config }, (request, reply) => showActivity(request, reply))
}

async function showActivity(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const reader = readerOf(request, reply)
  const read = readForm(OwnActivityForm, request.query)
  if ('fieldErrors' in read) {
    const { nothingShown, showAll } = reader.say.activity
    const list = html`<p class="found">${nothingShown} <a href="${PATH}">${showAll}</a></p>`
    return sendActivity(reply, reader, { state: refusedForm(request.query, FIELDS, read.fieldErrors), list })
  }
  const { cursor, ...listQuery } = read.value
  const { action, from }: EventListQuery = listQuery
  const since = from === undefined ? undefined : startOfDay(from, reader.timeZone)
  const position = cursor === undefined ? null : decodeCursor(EventPosition, cursor)
  const page = await listOwnActivity(reader.ctx, { limit: PER_PAGE, cursor: position, action, since })
  const next = page.next === null ? undefined : activityHref(listQuery, encodeCursor(page.next))
  return sendActivity(reply, reader, {
    state: { ...EMPTY_FORM, values: listQuery },
    listQuery,
    list: html`${activityByDay(reader, page.items, Object.keys(listQuery).length > 0)} ${pager(reader.say, { next })}
    ${cursor !== undefined && html`<p><a href="${activityHref(listQuery)}">${reader.say.security.activity.newest}</a></p>`}`,
    apiPath: withQuery('/users/me/activity', { action, since: since === undefined ? undefined : toRfc3339(since) }),
  })
}

type OwnReader = ReturnType<typeof readerOf>

function readerOf({ ctx }: FastifyRequest, reply: FastifyReply) {
  const own = signedIn(ctx)
  return { ctx: own, say: texts(localeOf(reply)), now: own.now, timeZone: own.principal.user.timeZone }
}

interface ShownList {
  readonly state: FormState
  readonly list: Html
  /** The valid filter. */
  readonly listQuery?: EventListQuery
  /** What returns the same events. */
  readonly apiPath?: string
}

function sendActivity(
  reply: FastifyReply,
  reader: OwnReader,
  { state, list, listQuery = {}, apiPath = '/users/me/activity' }: ShownList,
): FastifyReply {
  const { ctx, say } = reader
  const { activity, title } = say.security
  const actions = permissionsOf(ctx.principal).length > 0 ? EVENT_ACTIONS : ACCOUNT_ACTIONS
  const form = filterForm(reader, { path: PATH, fields: FIELDS, actions, state })
  return sendPage(reply, {
    title: [activity.pageTitle, title],
    up: { href: '/account/security', label: title },
    notice: filterSummary(say, state),
    refusal: state.refusal,
    body: html`<p class="lead">${activity.lead}</p>
      <div class="finds">${form} ${Object.keys(listQuery).length > 0 && filterChips(say, listQuery, activityHref)}</div>
      ${list}`,
    api: apiEquivalent(say, ctx.config, { method: 'GET', path: apiPath }),
  })
}

/** The URL of the page with this filter, at this cursor. */
function activityHref({ action, from }: EventListQuery, cursor?: string): string {
  return withQuery(PATH, { action, from, cursor })
}

/** The audit events by and about the user, newest first. */
export function activityTable(reader: MomentReader, events: readonly OwnEvent[], subject: string): Html {
  return eventTable(
    reader.say,
    events.map((own) => ({ cells: ownEventCells(reader.say, own, { subject, when: moment(reader, own.event.at) }) })),
  )
}

/** The same under their days, each with its time of day. */
function activityByDay(reader: OwnReader, events: readonly OwnEvent[], isFiltered: boolean): Html {
  const { subject } = reader.ctx.principal.user
  return eventTable(
    reader.say,
    events.map((own) => {
      const { at } = own.event
      return {
        heading: dayOf(reader, at),
        cells: ownEventCells(reader.say, own, { subject, when: timeUnderDay(reader, at) }),
      }
    }),
    isFiltered ? reader.say.activity.noMatch : undefined,
  )
}

function eventTable({ security: { activity } }: Texts, rows: readonly Row[], none: string = activity.none): Html {
  return dataTable({
    kind: 'compact history',
    caption: activity.table,
    columns: [activity.what, activity.when, activity.where].map((label) => ({ label, isPlain: true })),
    rows,
    empty: html`<p>${none}</p>`,
  })
}

interface ShownEvent {
  /** Whose events they are. */
  readonly subject: string
  readonly when: Html
}

function ownEventCells(say: Texts, own: OwnEvent, { subject, when }: ShownEvent): (Html | string)[] {
  const { event } = own
  const shown = presentOwnEvent(own, subject)
  const sentence = ownEventSentence(say, own)
  return [
    html`${event.result === 'refused' ? state('warn', sentence) : sentence} ${about(say, event, shown)}`,
    when,
    whereabouts(say, event, shown),
  ]
}

type Shown = ReturnType<typeof presentOwnEvent>

/** The reason of a refusal, the methods of a sign-in, and whether another person acted. */
function about(say: Texts, { reason, details }: OwnEvent['event'], { by }: Shown): Html {
  const why = standaloneReason(say, reason)
  const methods = details?.['methods']
  return html`${why !== undefined && html`<div class="small">${why}</div>`}
  ${typeof methods === 'string' && authenticatedWith(say, methods.split(' '))}
  ${by === 'admin' && html`<div class="small">${say.events.byOther}</div>`}`
}

/** IP address and device, as in the API: those of another person are not shown. */
function whereabouts(say: Texts, event: OwnEvent['event'], { by, address, agent }: Shown): Html | string {
  if (event.details?.['door'] === 'cli') return say.events.onServer
  if (by === 'admin') return '–'
  const device = deviceText(say, { transport: 'cookie', agent })
  return html`<div class="one-line" title="${`${address} ${device}`.trim()}">
    <span class="address">${address}</span> <span class="small">${device}</span>
  </div>`
}

function ownEventSentence(say: Texts, { event, target }: OwnEvent): Html {
  // An event without a sentence does not compile.
  say.events.sentences satisfies Readonly<Record<EventAction, unknown>>
  const sentence = eventWords(say, event)
  if (target === null) return sentence
  return html`${sentence}: ${target.username === null ? say.events.unnamed : name(target.username)}`
}
