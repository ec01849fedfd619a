import type { Config } from '../../../foundation/platform/config/types.ts'
import { withNames } from '../../../foundation/web/components/person-name.ts'
import { dataTable } from '../../../foundation/web/components/table.ts'
import { eventSentence, standaloneReason } from '../../../foundation/texts/event-words.ts'
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

/** Each event as a sentence, with its exact time and, unfolded, all there is of it. */
export function eventsTable(reader: ActivityReader, events: readonly NamedEvent[], isFiltered: boolean): Html {
  const { columns, table, none, noMatch } = reader.say.activity
  return dataTable({
    caption: table,
    columns: [columns.what, columns.when, columns.where, columns.details].map((label) => ({ label })),
    rows: events.map((event) => ({ cells: cellsOf(reader, event) })),
    empty: html`<p>${isFiltered ? noMatch : none}</p>`,
  })
}

function cellsOf(reader: ActivityReader, named: NamedEvent): (Html | string)[] {
  const { say } = reader
  const { event } = named
  return [
    sentenceOf(reader, named),
    html`${moment(reader, event.at)} <span class="small">${exactly(reader, event.at)}</span>`,
    placeOf(reader, event),
    html`${isRefusedEvent(event) && html`<a href="${refusedEventPath(event.id)}">${say.activity.trace.link}</a>`}
      <details>
        <summary>${say.activity.asJson}</summary>
        <pre><code>${jsonText(presentEvent(named), 2)}</code></pre>
      </details>`,
  ]
}

function placeOf({ say }: ActivityReader, { details }: NamedEvent['event']): Html | string {
  if (details?.['door'] === 'cli') return say.events.onServer
  const address = details?.['address']
  return html`<span class="address">${typeof address === 'string' ? address : ''}</span>`
}

/** What happened, to whom, by whom and why. */
function sentenceOf({ say }: ActivityReader, { event, actor, target }: NamedEvent): Html {
  const typed = event.details?.['reason']
  // What an admin gave as their reason stands in quotes, so that it is not taken for the server's words.
  const why = typeof typed === 'string' ? withNames(say.activity.reason, typed) : standaloneReason(say, event.reason)
  const isOwn = actor !== null && actor.subject === target?.subject
  const by = !isOwn && byWhom({ say }, { event, actor })
  return html`${eventSentence(say, event)}${target && html`: ${personLink({ say }, target)}`}
  ${(by || why) && html`<span class="small">${why}${by && why && '\u{a0}· '}${by}</span>`}`
}

function byWhom({ say }: Pick<ActivityReader, 'say'>, { event, actor }: Pick<NamedEvent, 'event' | 'actor'>): Html {
  if (actor !== null) return personLink({ say }, actor, say.events.by)
  return html`${event.details?.['door'] === 'cli' ? say.events.byOperator : say.events.byStranger}`
}

export function personLink(
  { say }: Pick<ActivityReader, 'say'>,
  { id, username }: Named,
  phrase = (name: string): string => name,
): Html {
  if (id === null) return html`${phrase(say.activity.deleted)}`
  return html`<a href="/admin/users/${id}">${withNames(phrase, username)}</a>`
}
