import type { EventAction } from '../../../domain/audit/event.ts'
import { name } from '../../../foundation/web/components/person-name.ts'
import { state } from '../../../foundation/web/components/status.ts'
import { dataTable } from '../../../foundation/web/components/table.ts'
import { eventSentence, standaloneReason } from '../../../foundation/texts/texts.ts'
import { html } from '../../../foundation/web/html.ts'
import type { Html } from '../../../foundation/web/html.ts'
import { moment } from '../../../foundation/web/components/moments.ts'
import type { MomentReader } from '../../../foundation/web/components/moments.ts'
import type { Texts } from '../../../foundation/texts/texts.ts'
import { deviceName, authenticatedWith } from '../../../domain/sessions/device.pages.ts'
import { presentOwnEvent } from './own-activity.schema.ts'
import type { OwnEvent } from './own-activity.service.ts'

/** The audit events by and about the user, newest first. */
export function activityTable(reader: MomentReader, events: readonly OwnEvent[], subject: string): Html {
  const { activity } = reader.say.security
  return dataTable({
    caption: activity.table,
    columns: [activity.what, activity.when, activity.where].map((label) => ({ label })),
    rows: events.map((event) => ({ cells: ownEventCells(reader, event, subject) })),
    empty: html`<p>${activity.none}</p>`,
  })
}

function ownEventCells(reader: MomentReader, own: OwnEvent, subject: string): (Html | string)[] {
  const { say } = reader
  const { event } = own
  const shown = presentOwnEvent(own, subject)
  const sentence = ownEventSentence(say, own)
  return [
    html`${event.result === 'refused' ? state('warn', sentence) : sentence} ${about(say, event, shown)}`,
    moment(reader, event.at),
    whereabouts(say, event, shown),
  ]
}

type Shown = ReturnType<typeof presentOwnEvent>

/** The reason of a refusal, the methods of a sign-in, and whether an admin acted. */
function about(say: Texts, { reason, details }: OwnEvent['event'], { by }: Shown): Html {
  const why = standaloneReason(say, reason)
  const methods = details?.['methods']
  return html`${why !== undefined && html`<div class="small">${why}</div>`}
  ${typeof methods === 'string' && authenticatedWith(say, methods.split(' '))}
  ${by === 'admin' && html`<div class="small">${say.events.byAdmin}</div>`}`
}

/** IP address and device, as in the API: those of an admin are not shown. */
function whereabouts(say: Texts, event: OwnEvent['event'], { by, address, agent }: Shown): Html | string {
  if (event.details?.['door'] === 'cli') return say.events.onServer
  if (by === 'admin') return '–'
  return html`${address}
    <div class="small">${deviceName(say, agent)}</div>`
}

function ownEventSentence(say: Texts, { event, target }: OwnEvent): Html {
  // An event without a sentence does not compile.
  say.events.sentences satisfies Readonly<Record<EventAction, unknown>>
  const sentence = eventSentence(say, event)
  if (target === null) return html`${sentence}`
  return html`${sentence}: ${target.username === null ? say.events.somebody : name(target.username)}`
}
