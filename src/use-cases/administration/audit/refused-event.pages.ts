import type { FastifyReply } from 'fastify'

import { eventSentence, standaloneReason } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { exactly, moment, type MomentReader } from '#foundation/web/components/moments.ts'
import { factList, section } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { Type } from '#foundation/web/http/type.ts'
import { answerOf } from '#foundation/web/pages/form.ts'
import { sendPage } from '#foundation/web/pages/page.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import { failureRows } from '../credentials/failed-guesses.pages.ts'
import { userLink } from './activity-events.pages.ts'
import { ACTIVITY_PATH } from './activity-filter.ts'
import { showRefusedEventSearch } from './refused-event-search.pages.ts'
import { readRefusedEvent, type RefusedEvent } from './refused-event.service.ts'
import { REFUSED_EVENTS_PATH } from './refused-event.ts'

const Parameters = Type.Object({ id: Type.String() })

export function refusedEventPages(app: App): void {
  const config = { access: 'audit:read', page: true, undocumented: true } as const
  app.get(`${REFUSED_EVENTS_PATH}/:id`, { config, schema: { params: Parameters } }, ({ params }, reply) =>
    showRefusedEvent(reply, params.id),
  )
}

async function showRefusedEvent(reply: FastifyReply, id: string): Promise<FastifyReply> {
  const reader = adminReader(reply)
  const { say, config: settings } = reader
  const { answer: event, refusal } = await answerOf(readRefusedEvent(reply.request.ctx, id))
  if (refusal) return showRefusedEventSearch(reply, { value: id, refusal })
  return sendPage(reply, {
    title: [say.activity.trace.title, say.activity.title],
    up: { href: ACTIVITY_PATH, label: say.activity.title },
    body: refusedEventBody(reader, event),
    api: apiEquivalent(say, settings, { method: 'GET', path: `/refusals/${event.id}` }),
  })
}

/** What a refused event says, with the failures counted now. */
export function refusedEventBody(reader: AdminReader, event: RefusedEvent): Html {
  return html`<p class="lead">${reader.say.activity.trace.lead}</p>
    ${section({
      id: 'recorded',
      title: reader.say.activity.trace.recorded,
      body: factList(refusedEventFacts(reader, event)),
    })}
    ${failuresSection(reader, event)}`
}

type Fact = readonly [label: string, value: Html | string]

function refusedEventFacts(reader: AdminReader, event: RefusedEvent): Fact[] {
  const { say } = reader
  const { trace: words } = say.activity
  const { action, result, at, actor, factor, minutesAhead, secondFactor, address, network, agent } = event
  const isOwn = actor !== null && actor.subject === event.person?.subject
  const kinds: Readonly<Record<string, string>> = words.factors
  const policies: Readonly<Record<string, string>> = words.policies
  const facts: (readonly [label: string, value: Html | string | null])[] = [
    [action === 'throttle.blocked' ? words.effect : words.reason, reasonText(reader, event)],
    [words.door, html`${eventSentence(say, { action, result, details: null })} ${codeLabel(action)}`],
    [words.person, concernedUser(reader, event)],
    [
      words.when,
      html`${moment(reader, at)}
        <div class="small">${exactly(reader, at)}</div>`,
    ],
    [words.actor, actor === null || isOwn ? null : userLink(reader, actor)],
    [words.factor, factor === null ? null : (kinds[factor] ?? factor)],
    [words.clock, minutesAhead === null ? null : driftText(reader, minutesAhead)],
    [words.policy, policies[secondFactor] ?? secondFactor],
    [words.ipAddress, address === null ? null : html`<span class="address">${address}</span>`],
    [words.network, network === null || network === address ? null : html`<span class="address">${network}</span>`],
    [words.agent, agent === null ? null : html`<bdi>${agent}</bdi>`],
    [words.reference, html`<code>${event.id}</code>`],
  ]
  return facts.filter((fact): fact is Fact => fact[1] !== null)
}

/** The code of an action or reason, shown beside its sentence. */
function codeLabel(code: string): Html {
  return html`<span class="small"><code>${code}</code></span>`
}

function reasonText({ say }: MomentReader, { reason }: RefusedEvent): Html {
  if (reason === null) return html`${say.activity.trace.none}`
  return html`${standaloneReason(say, reason)} ${codeLabel(reason)}`
}

function concernedUser(reader: AdminReader, { meant, person }: RefusedEvent): Html {
  const { say } = reader
  const { trace: words } = say.activity
  if (person !== null) return userLink(reader, person)
  return html`${meant === 'no-user' ? words.noUser : words.notSaid}`
}

function driftText({ say }: MomentReader, minutesAhead: number): string {
  const { ahead, behind } = say.activity.trace
  return (minutesAhead < 0 ? behind : ahead)(Math.abs(minutesAhead))
}

function failuresSection(reader: MomentReader, { buckets }: RefusedEvent): Html {
  const { trace: words } = reader.say.activity
  return section({
    id: 'tries',
    title: words.tries,
    lead: buckets.length === 0 ? words.noTries : words.triesLead,
    body: buckets.length === 0 ? html`` : failureRows(reader, buckets),
  })
}
