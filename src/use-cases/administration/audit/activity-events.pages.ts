import { withoutTurns } from '#foundation/kernel/given-name.ts'
import { eventSentence, standaloneReason, type Texts } from '#foundation/texts/texts.ts'
import { avatar, face } from '#foundation/web/components/avatar.ts'
import { emptyState } from '#foundation/web/components/empty-state.ts'
import { eventWords } from '#foundation/web/components/event-words.ts'
import { rowMenu } from '#foundation/web/components/menu.ts'
import { dayOf, moment, momentOfDay } from '#foundation/web/components/moments.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { rowList } from '#foundation/web/components/section.ts'
import { marked } from '#foundation/web/components/status.ts'
import { dataTable, screenReaderColumn } from '#foundation/web/components/table.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { AdminReader } from '../access/user-reader.pages.ts'
import { EVENTS_PATH } from './activity-filter.ts'
import type { Named, NamedEvent } from './events.service.ts'
import { isByOperator, isRefusedEvent, refusedEventPath, textIn } from './refused-event.ts'

/** Each event as a sentence with who, when and where. Its JSON has a page of its own: in each row it was half of the page. */
export function eventsTable(reader: AdminReader, events: readonly NamedEvent[], isFiltered: boolean): Html {
  const { columns, table, none, noMatch } = reader.say.activity
  return dataTable({
    caption: table,
    kind: 'low events',
    columns: [
      ...[columns.what, columns.who, columns.when, columns.where].map((label) => ({ label })),
      screenReaderColumn(columns.details),
    ],
    rows: events.map((named) => ({ heading: dayOf(reader, named.event.at), cells: eventCells(reader, named) })),
    empty: emptyState({ drawing: 'ajar', title: isFiltered ? noMatch : none }),
  })
}

function eventCells(reader: AdminReader, named: NamedEvent): (Html | string)[] {
  const { say } = reader
  const { event } = named
  const where = eventLocation(say, named)
  return [
    marked(kindOf(named), eventLines(reader, named)),
    actorName(reader, named),
    momentOfDay(reader, event.at),
    where === '' ? '–' : html`<div class="one-line" title="${textIn(event.details, 'address')}">${where}</div>`,
    eventMenu(say, named),
  ]
}

/** Refusals stand out; what the server or its operator did is distinguished from what users did. */
function kindOf({ event, actor, target }: NamedEvent): 'ok' | 'warn' | 'plain' {
  if (isRefusedEvent(event)) return 'warn'
  return isByOperator(event) || (actor === null && target === null) ? 'plain' : 'ok'
}

/** The sentence with its target, unless the next column names the same user, and below it the reason, each on one line. */
function eventLines(reader: LinkReader, named: NamedEvent): Html {
  const { say } = reader
  const { event, actor, target } = named
  const why = reasonInWords(say, event, say.activity.reason)
  const sentence = withoutTurns(eventSentence(say, event))
  const isOwn = target?.subject === actor?.subject
  const whole = target === null || isOwn ? sentence : `${sentence}: ${shownName(say, target)}`
  const title = isOwn ? eventWords(say, event) : eventTitle(reader, named)
  return html`<div class="person">
    <div class="one-line" title="${whole}">${title}</div>
    ${why && html`<div class="one-line small" title="${reasonText(say, event)}">${why}</div>`}
  </div>`
}

function reasonText(say: Texts, event: NamedEvent['event']): string | undefined {
  const typed = textIn(event.details, 'reason')
  return typed === undefined ? standaloneReason(say, event.reason) : withoutTurns(say.activity.reason(typed))
}

/** The name as the text of a title shows it. */
function shownName({ activity }: Texts, { id, username }: Named): string {
  return id === null ? activity.deleted : withoutTurns(username)
}

function actorName(reader: LinkReader, { event, actor }: NamedEvent): Html {
  const { say } = reader
  if (actor !== null) {
    const whole = shownName(say, actor)
    return html`<div class="one-line" title="${whole}">
      ${faceOf(actor, userLink(reader, actor, undefined, whole))}
    </div>`
  }
  return html`${isByOperator(event) ? say.activity.operator : say.activity.stranger}`
}

/** A deleted user has no name, and so no face. */
function faceOf(user: Named, named: Html): Html {
  return user.id === null ? named : face(user, named)
}

function eventMenu(say: Texts, named: NamedEvent): Html {
  const { event } = named
  const { activity } = say
  return rowMenu({
    label: eventWords(say, event, activity.menuFor),
    entries: [
      ...(isRefusedEvent(event) ? [html`<a href="${refusedEventPath(event.id)}">${activity.trace.link}</a>`] : []),
      html`<a href="${EVENTS_PATH}/${event.id}">${activity.asJson}</a>`,
    ],
  })
}

/** What links to users need of their reader. */
type LinkReader = Pick<AdminReader, 'say' | 'permissions'>

/** The latest events as a list of two lines each: what and whom, then when and by whom. */
export function recentEvents(reader: AdminReader, events: readonly NamedEvent[]): Html {
  return rowList(
    events.map((named) => {
      const by = actorBeside(reader, named)
      return {
        name: markedByFace(
          named,
          html`<div>
            ${eventTitle(reader, named)}
            <div class="small">${moment(reader, named.event.at)}${by && html` · ${by}`}</div>
          </div>`,
        ),
      }
    }),
    'tight',
  )
}

/** What a user did has the face of that user, unless it was refused. */
function markedByFace(named: NamedEvent, words: Html): Html {
  const kind = kindOf(named)
  const who = named.actor ?? named.target
  if (kind !== 'ok' || who === null || who.id === null) return marked(kind, words)
  return html`<div class="marked">${avatar(who, { size: 'small' })}${words}</div>`
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

function eventTitle(reader: LinkReader, { event, target }: NamedEvent): Html {
  const { say } = reader
  return html`${eventWords(say, event)}${target && html`: ${userLink(reader, target)}`}`
}

/** Who did it; undefined if it is the user who is named already. */
function actorBeside(reader: LinkReader, named: NamedEvent): Html | undefined {
  const { actor, target } = named
  return actor !== null && actor.subject === target?.subject ? undefined : actorText(reader, named)
}

function actorText(reader: LinkReader, { event, actor }: NamedEvent): Html {
  const { say } = reader
  if (actor !== null) return userLink(reader, actor, say.events.by)
  return html`${isByOperator(event) ? say.events.byOperator : say.events.byStranger}`
}

/** A link to the page of a user in an event; plain text for a deleted user, and for a reader who may not open it. */
export function userLink(
  { say, permissions }: LinkReader,
  { id, username }: Named,
  phrase = (name: string): string => name,
  title?: string,
): Html {
  if (id === null) return html`${phrase(say.activity.deleted)}`
  if (!permissions.includes('users:read')) return withNames(phrase, username)
  return html`<a href="/admin/users/${id}" ${title !== undefined && html`title="${title}"`}
    >${withNames(phrase, username)}</a
  >`
}
