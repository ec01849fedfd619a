import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { eventWords } from '#foundation/web/components/event-words.ts'
import { moment } from '#foundation/web/components/moments.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { section } from '#foundation/web/components/section.ts'
import { state } from '#foundation/web/components/status.ts'
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
    columns: [activity.what, activity.when, activity.where].map((label) => ({ label, isPlain: true })),
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
  const { say } = reader
  const { event } = named
  const sentence = eventWords(say, event)
  const about = [reasonInWords(say, event, say.user.activity.why), others(reader, named)].filter(
    (one) => one !== undefined,
  )
  return [
    html`${event.result === 'refused' ? state('warn', sentence) : sentence}
    ${about.length > 0 && html`<div class="small">${about.map((one, at) => html`${at > 0 && '\u{a0}· '}${one}`)}</div>`}`,
    moment(reader, event.at),
    eventLocation(say, named),
  ]
}

/**
 * Who else is in the event: another user who did it, or whom it changed. Undefined where this user did it to the own account, as mostly, and
 * for the operator, whom the last column names.
 */
function others({ say, user }: UserReader, { event, actor, target }: NamedEvent): Html | undefined {
  const { activity } = say.user
  if (actor === null) return isByOperator(event) ? undefined : html`${activity.anonymous}`
  if (actor.subject !== user.subject) return userInEvent(actor, { phrase: activity.by, gone: activity.byGone })
  if (target === null || target.subject === user.subject) return undefined
  return userInEvent(target, { phrase: (shown) => shown, gone: activity.gone })
}

interface UserWords {
  readonly phrase: (shown: string) => string
  /** The same where the user was deleted. */
  readonly gone: string
}

function userInEvent({ id, username }: Named, { phrase, gone }: UserWords): Html {
  return id === null ? html`${gone}` : html`<a href="${userPath({ id })}">${withNames(phrase, username)}</a>`
}
