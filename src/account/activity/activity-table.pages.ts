import type { AuditEvent } from '../../audit/audit.service.ts'
import type { EventAction } from '../../audit/event.ts'
import { dataTable } from '../../web/components/table.ts'
import { eventReason, eventSentence } from '../../web/event-words.ts'
import { html } from '../../web/html.ts'
import type { Html } from '../../web/html.ts'
import { moment } from '../../web/moments.ts'
import type { MomentReader } from '../../web/moments.ts'
import type { Texts } from '../../web/texts.ts'
import { deviceName } from '../../sessions/device.pages.ts'
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
  const why = eventReason(say, event.reason)
  return [
    html`${sentenceOf(say, event)}${why !== undefined && html`<div class="small">${why}</div>`}`,
    moment(reader, event.at),
    whereabouts(say, event, subject),
  ]
}

/** The same that the API shows of it: where an admin sat is not told. */
function whereabouts(say: Texts, event: AuditEvent, subject: string): Html | string {
  const { by, address, agent } = presentOwnEvent(event, subject)
  if (event.details?.['door'] === 'cli') return say.events.onServer
  if (by === 'admin') return say.events.byAdmin
  return html`${address}
    <div class="small">${deviceName(say, agent)}</div>`
}

function sentenceOf(say: Texts, event: AuditEvent): string {
  // An event that nobody wrote a sentence for does not compile.
  say.events.sentences satisfies Readonly<Record<EventAction, unknown>>
  return eventSentence(say, event)
}
