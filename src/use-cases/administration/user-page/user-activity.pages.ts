import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { eventWords } from '#foundation/web/components/event-words.ts'
import { moment } from '#foundation/web/components/moments.ts'
import { name } from '#foundation/web/components/person-name.ts'
import { section } from '#foundation/web/components/section.ts'
import { dataTable } from '#foundation/web/components/table.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { userPath, type UserReader } from '../access/user-reader.pages.ts'
import { eventLocation, reasonInWords } from '../audit/activity-events.pages.ts'
import type { Named, NamedEvent } from '../audit/events.service.ts'
import { isByOperator } from '../audit/refused-event.ts'

/** How many events the page shows. */
export const RECENT = 20

/** The section with the latest events by and about the user, newest first. */
export function activitySection(reader: UserReader, events: readonly NamedEvent[]): Html {
  const { say, config, user } = reader
  const { activity } = say.user
  const table = dataTable({
    caption: activity.table,
    kind: 'compact history',
    columns: [activity.what, activity.when, activity.who, activity.where].map((label) => ({ label, isPlain: true })),
    rows: events.map((event) => ({ cells: userEventCells(reader, event) })),
    empty: html`<p>${activity.none}</p>`,
  })
  return section({
    id: 'activity',
    title: activity.title,
    body: table,
    action: html`<a href="/admin/activity?about=${encodeURIComponent(filterWord(user))}">${activity.all}</a>`,
    api: apiEquivalent(say, config, { method: 'GET', path: `/audit-events?about=${user.subject}&limit=${RECENT}` }),
  })
}

/** The filter's text: the username, or the subject if the username looks like the id of another user. */
function filterWord({ username, subject }: UserReader['user']): string {
  return /^\d*$/.test(username.trim()) ? subject : username
}

function userEventCells(reader: UserReader, named: NamedEvent): (Html | string)[] {
  const { say, user } = reader
  const { event, target } = named
  const why = reasonInWords(say, event, say.user.activity.why)
  const other = target !== null && target.subject !== user.subject ? userInEvent(reader, target) : undefined
  const more = html`${other}${other && why && '\u{a0}· '}${why}`
  return [
    html`${eventWords(say, event)} ${(other ?? why) && html`<span class="small">${more}</span>`}`,
    moment(reader, event.at),
    actorCell(reader, named),
    eventLocation(say, named),
  ]
}

function actorCell(reader: UserReader, { event, actor }: NamedEvent): Html {
  const { activity, you } = reader.say.user
  if (actor?.subject === reader.user.subject) return html`${reader.isOwn ? you : activity.self}`
  if (actor !== null) return html`<div class="one-line">${userInEvent(reader, actor)}</div>`
  return html`${isByOperator(event) ? activity.operator : activity.anonymous}`
}

function userInEvent({ say, user }: UserReader, { id, subject, username }: Named): Html {
  if (id === null) return html`${say.user.activity.gone}`
  const who = html`<strong class="name">${name(username)}</strong>`
  return subject === user.subject ? who : html`<a href="${userPath({ id })}">${who}</a>`
}
