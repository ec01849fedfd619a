import type { FastifyReply, FastifyRequest } from 'fastify'

import { EventPosition } from '#domain/audit/event-position.schema.ts'
import type { EventAction } from '#domain/audit/event.ts'
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
import { localeOf, sendPage } from '#foundation/web/pages/page.ts'
import { authenticatedWith, deviceText } from '#use-cases/page-sections/device.pages.ts'
import { presentOwnEvent } from './own-activity.schema.ts'
import { listOwnActivity, type OwnEvent } from './own-activity.service.ts'

const PATH = '/account/activity'
const PER_PAGE = 50

/** The user's own audit events, paginated. */
export function ownActivityPages(app: App): void {
  const config = { access: 'signed-in', page: true, undocumented: true } as const
  app.get(PATH, { config }, (request, reply) => showActivity(request, reply))
}

async function showActivity(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const say = texts(localeOf(reply))
  const { activity, title } = say.security
  const ctx = signedIn(request.ctx)
  const { subject, timeZone } = ctx.principal.user
  const cursor = cursorIn(request.query)
  const position = cursor === undefined ? null : decodeCursor(EventPosition, cursor)
  const { items, next } = await listOwnActivity(ctx, { limit: PER_PAGE, cursor: position })
  const reader = { say, now: ctx.now, timeZone }
  return sendPage(reply, {
    title: [activity.pageTitle, title],
    up: { href: '/account/security', label: title },
    body: html`<p class="lead">${activity.lead}</p>
      ${activityByDay(reader, items, subject)}
      ${pager(say, { next: next === null ? undefined : `${PATH}?cursor=${encodeCursor(next)}` })}
      ${cursor !== undefined && html`<p><a href="${PATH}">${activity.newest}</a></p>`}`,
    api: apiEquivalent(say, ctx.config, { method: 'GET', path: '/users/me/activity' }),
  })
}

function cursorIn(query: unknown): string | undefined {
  const cursor = typeof query === 'object' && query !== null && 'cursor' in query ? query.cursor : undefined
  return typeof cursor === 'string' && cursor !== '' ? cursor : undefined
}

/** The audit events by and about the user, newest first. */
export function activityTable(reader: MomentReader, events: readonly OwnEvent[], subject: string): Html {
  return eventTable(
    reader.say,
    events.map((own) => ({ cells: ownEventCells(reader.say, own, { subject, when: moment(reader, own.event.at) }) })),
  )
}

/** The same under their days, each with its time of day. */
function activityByDay(reader: MomentReader, events: readonly OwnEvent[], subject: string): Html {
  return eventTable(
    reader.say,
    events.map((own) => {
      const { at } = own.event
      return {
        heading: dayOf(reader, at),
        cells: ownEventCells(reader.say, own, { subject, when: timeUnderDay(reader, at) }),
      }
    }),
  )
}

function eventTable({ security: { activity } }: Texts, rows: readonly Row[]): Html {
  return dataTable({
    kind: 'compact history',
    caption: activity.table,
    columns: [activity.what, activity.when, activity.where].map((label) => ({ label, isPlain: true })),
    rows,
    empty: html`<p>${activity.none}</p>`,
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
