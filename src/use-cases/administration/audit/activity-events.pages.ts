import type { Config } from '../../../foundation/platform/config/types.ts'
import { withNames } from '../../../foundation/web/components/person-name.ts'
import { dataTable } from '../../../foundation/web/components/table.ts'
import { eventSentence, standaloneReason } from '../../../foundation/texts/texts.ts'
import { html } from '../../../foundation/web/html.ts'
import type { Html } from '../../../foundation/web/html.ts'
import { jsonText } from '../../../foundation/web/http/json.ts'
import { exactly, moment } from '../../../foundation/web/components/moments.ts'
import type { MomentReader } from '../../../foundation/web/components/moments.ts'
import { isRefusedEvent } from './refused-event.ts'
import { refusedEventPath } from './refused-event-path.ts'
import { presentEvent } from './events.schema.ts'
import type { Named, NamedEvent } from './events.service.ts'

export interface ActivityReader extends MomentReader {
  readonly config: Pick<Config, 'publicUrl'>
  readonly formToken: Html
}

/** Each event as a sentence with its exact time, and folded its JSON. */
export function eventsTable(reader: ActivityReader, events: readonly NamedEvent[], isFiltered: boolean): Html {
  const { columns, table, none, noMatch } = reader.say.activity
  return dataTable({
    caption: table,
    columns: [columns.what, columns.when, columns.where, columns.details].map((label) => ({ label })),
    rows: events.map((event) => ({ cells: eventCells(reader, event) })),
    empty: html`<p>${isFiltered ? noMatch : none}</p>`,
  })
}

function eventCells(reader: ActivityReader, named: NamedEvent): (Html | string)[] {
  const { say } = reader
  const { event } = named
  return [
    eventLine(reader, named),
    html`${moment(reader, event.at)} <span class="small">${exactly(reader, event.at)}</span>`,
    eventLocation(reader, event),
    html`${isRefusedEvent(event) && html`<a href="${refusedEventPath(event.id)}">${say.activity.trace.link}</a>`}
      <details>
        <summary>${say.activity.asJson}</summary>
        <pre><code>${jsonText(presentEvent(named), 2)}</code></pre>
      </details>`,
  ]
}

function eventLocation({ say }: ActivityReader, { details }: NamedEvent['event']): Html | string {
  if (details?.['door'] === 'cli') return say.events.onServer
  const address = details?.['address']
  return html`<span class="address">${typeof address === 'string' ? address : ''}</span>`
}

/** The event as a sentence, with target, reason and actor. */
function eventLine({ say }: ActivityReader, { event, actor, target }: NamedEvent): Html {
  const typed = event.details?.['reason']
  // The reason that an admin typed is quoted, so that it cannot be mistaken for a text of the server.
  const why = typeof typed === 'string' ? withNames(say.activity.reason, typed) : standaloneReason(say, event.reason)
  const isOwn = actor !== null && actor.subject === target?.subject
  const by = !isOwn && actorText({ say }, { event, actor })
  return html`${eventSentence(say, event)}${target && html`: ${userLink({ say }, target)}`}
  ${(by || why) && html`<span class="small">${why}${by && why && '\u{a0}· '}${by}</span>`}`
}

function actorText({ say }: Pick<ActivityReader, 'say'>, { event, actor }: Pick<NamedEvent, 'event' | 'actor'>): Html {
  if (actor !== null) return userLink({ say }, actor, say.events.by)
  return html`${event.details?.['door'] === 'cli' ? say.events.byOperator : say.events.byStranger}`
}

/** A link to the page of a user in an event; plain text for a deleted user. */
export function userLink(
  { say }: Pick<ActivityReader, 'say'>,
  { id, username }: Named,
  phrase = (name: string): string => name,
): Html {
  if (id === null) return html`${phrase(say.activity.deleted)}`
  return html`<a href="/admin/users/${id}">${withNames(phrase, username)}</a>`
}
