import type { AuditEvent } from '../../audit/audit.service.ts'
import type { EventAction } from '../../audit/event.ts'
import { state } from '../../web/components/state.ts'
import { dataTable } from '../../web/components/table.ts'
import { eventSentence, standaloneReason } from '../../web/event-words.ts'
import { html } from '../../web/html.ts'
import type { Html } from '../../web/html.ts'
import { moment } from '../../web/moments.ts'
import type { MomentReader } from '../../web/moments.ts'
import type { Texts } from '../../web/texts.ts'
import { deviceName } from '../../sessions/device.pages.ts'
import { provenWith } from '../../sessions/proven-with.pages.ts'
import { presentOwnEvent } from './own-activity.schema.ts'

/** What happened to one's account, newest first. */
export function activityTable(reader: MomentReader, events: readonly AuditEvent[], subject: string): Html {
  const { activity } = reader.say.security
  return dataTable({
    caption: activity.table,
    columns: [activity.what, activity.when, activity.where].map((label) => ({ label })),
    rows: events.map((event) => ({ cells: cellsOf(reader, event, subject) })),
    empty: html`<p>${activity.none}</p>`,
  })
}

function cellsOf(reader: MomentReader, event: AuditEvent, subject: string): (Html | string)[] {
  const { say } = reader
  const shown = presentOwnEvent(event, subject)
  const sentence = sentenceOf(say, event)
  return [
    html`${event.result === 'refused' ? state('warn', sentence) : sentence} ${about(say, event, shown)}`,
    moment(reader, event.at),
    whereabouts(say, event, shown),
  ]
}

type OwnEvent = ReturnType<typeof presentOwnEvent>

/** Why it was refused, with what somebody signed in, that an admin did it. */
function about(say: Texts, { reason, details }: AuditEvent, { by }: OwnEvent): Html {
  const why = standaloneReason(say, reason)
  const methods = details?.['methods']
  return html`${why !== undefined && html`<div class="small">${why}</div>`}
  ${typeof methods === 'string' && provenWith(say, methods.split(' '))}
  ${by === 'admin' && html`<div class="small">${say.events.byAdmin}</div>`}`
}

/** The same that the API shows of it: where an admin sat is not told. */
function whereabouts(say: Texts, event: AuditEvent, { by, address, agent }: OwnEvent): Html | string {
  if (event.details?.['door'] === 'cli') return say.events.onServer
  if (by === 'admin') return '–'
  return html`${address}
    <div class="small">${deviceName(say, agent)}</div>`
}

function sentenceOf(say: Texts, event: AuditEvent): string {
  // An event that nobody wrote a sentence for does not compile.
  say.events.sentences satisfies Readonly<Record<EventAction, unknown>>
  return eventSentence(say, event)
}
