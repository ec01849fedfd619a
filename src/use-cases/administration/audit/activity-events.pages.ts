import { withNames } from '../../../foundation/web/components/person-name.ts'
import { rowList } from '../../../foundation/web/components/section.ts'
import { dataTable } from '../../../foundation/web/components/table.ts'
import { eventSentence, standaloneReason } from '../../../foundation/texts/texts.ts'
import type { Texts } from '../../../foundation/texts/texts.ts'
import { html } from '../../../foundation/web/html.ts'
import type { Html } from '../../../foundation/web/html.ts'
import { jsonText } from '../../../foundation/web/http/json.ts'
import { exactly, moment } from '../../../foundation/web/components/moments.ts'
import type { MomentReader } from '../../../foundation/web/components/moments.ts'
import { isByOperator, isRefusedEvent, refusedEventPath, textIn } from './refused-event.ts'
import { presentEvent } from './events.schema.ts'
import type { Named, NamedEvent } from './events.service.ts'

/** Each event as a sentence with its exact time, and folded its JSON. */
export function eventsTable(reader: MomentReader, events: readonly NamedEvent[], isFiltered: boolean): Html {
  const { columns, table, none, noMatch } = reader.say.activity
  return dataTable({
    caption: table,
    columns: [columns.what, columns.when, columns.where, columns.details].map((label) => ({ label })),
    rows: events.map((event) => ({ cells: eventCells(reader, event) })),
    empty: html`<p>${isFiltered ? noMatch : none}</p>`,
    drawing: 'ajar',
  })
}

function eventCells(reader: MomentReader, named: NamedEvent): (Html | string)[] {
  const { say } = reader
  const { event } = named
  return [
    eventLine(say, named),
    html`${moment(reader, event.at)} <span class="small">${exactly(reader, event.at)}</span>`,
    eventLocation(say, named),
    html`${isRefusedEvent(event) && html`<a href="${refusedEventPath(event.id)}">${say.activity.trace.link}</a>`}
      <details>
        <summary>${say.activity.asJson}</summary>
        <pre><code>${jsonText(presentEvent(named), 2)}</code></pre>
      </details>`,
  ]
}

/** The latest events as a list of two lines each: what and whom, then when and by whom. */
export function recentEvents(reader: MomentReader, events: readonly NamedEvent[]): Html {
  const { say } = reader
  return rowList(
    events.map((named) => {
      const by = actorBeside(say, named)
      return {
        name: eventTitle(say, named),
        detail: html`${moment(reader, named.event.at)}${by && html` · ${by}`}`,
      }
    }),
    'tight',
  )
}

/** Where the request came from: an IP address, or the server's own machine. */
export function eventLocation(say: Texts, { event }: NamedEvent): Html | string {
  if (isByOperator(event)) return say.events.onServer
  const address = textIn(event.details, 'address')
  return address === undefined ? '' : html`<span class="address">${address}</span>`
}

/** The reason in words. One that an admin typed is quoted, so that it cannot be mistaken for a text of the server. */
export function reasonInWords(say: Texts, event: NamedEvent['event'], quote: (typed: string) => string) {
  const typed = textIn(event.details, 'reason')
  return typed === undefined ? standaloneReason(say, event.reason) : withNames(quote, typed)
}

/** The event as a sentence, with target, reason and actor. */
function eventLine(say: Texts, named: NamedEvent): Html {
  const { event } = named
  const why = reasonInWords(say, event, say.activity.reason)
  const by = actorBeside(say, named)
  return html`${eventTitle(say, named)}
  ${(by || why) && html`<span class="small">${why}${by && why && '\u{a0}· '}${by}</span>`}`
}

function eventTitle(say: Texts, { event, target }: NamedEvent): Html {
  return html`${eventSentence(say, event)}${target && html`: ${userLink(say, target)}`}`
}

/** Who did it; undefined if it is the user who is named already. */
function actorBeside(say: Texts, named: NamedEvent): Html | undefined {
  const { actor, target } = named
  return actor !== null && actor.subject === target?.subject ? undefined : actorText(say, named)
}

function actorText(say: Texts, { event, actor }: NamedEvent): Html {
  if (actor !== null) return userLink(say, actor, say.events.by)
  return html`${isByOperator(event) ? say.events.byOperator : say.events.byStranger}`
}

/** A link to the page of a user in an event; plain text for a deleted user. */
export function userLink(say: Texts, { id, username }: Named, phrase = (name: string): string => name): Html {
  if (id === null) return html`${phrase(say.activity.deleted)}`
  return html`<a href="/admin/users/${id}">${withNames(phrase, username)}</a>`
}
