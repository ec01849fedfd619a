import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from '../../../foundation/web/http/type.ts'

import { signedIn } from '../../../foundation/web/http/access.ts'
import type { App } from '../../../foundation/web/http/app.ts'
import { factList, rowList, section } from '../../../foundation/web/components/section.ts'
import { apiEquivalent } from '../../../foundation/web/components/api-equivalent.ts'
import { eventSentence, standaloneReason, texts } from '../../../foundation/texts/texts.ts'
import { answerOf } from '../../../foundation/web/pages/form.ts'
import { html } from '../../../foundation/web/html.ts'
import type { Html } from '../../../foundation/web/html.ts'
import { exactly, moment } from '../../../foundation/web/components/moments.ts'
import type { MomentReader } from '../../../foundation/web/components/moments.ts'
import { localeOf, sendPage } from '../../../foundation/web/pages/page.ts'
import { userLink } from './activity-events.pages.ts'
import { ACTIVITY_PATH } from './activity-filter.ts'
import { failuresRow } from '../credentials/failed-guesses.pages.ts'
import { showRefusedEventSearch } from './refused-event-search.pages.ts'
import { REFUSED_EVENTS_PATH } from './refused-event-path.ts'
import { readRefusedEvent } from './refused-event.service.ts'
import type { RefusedEvent } from './refused-event.service.ts'

const Parameters = Type.Object({ id: Type.String() })

/** Shows one refused event. */
export function refusedEventPages(app: App): void {
  const config = { access: 'audit:read', page: true, undocumented: true } as const
  app.get(`${REFUSED_EVENTS_PATH}/:id`, { config, schema: { params: Parameters } }, (request, reply) =>
    showRefusedEvent(request, reply, request.params.id),
  )
}

async function showRefusedEvent(
  request: Pick<FastifyRequest, 'ctx'>,
  reply: FastifyReply,
  id: string,
): Promise<FastifyReply> {
  const ctx = signedIn(request.ctx)
  const reader = { say: texts(localeOf(reply)), now: ctx.now, timeZone: ctx.principal.user.timeZone }
  const { say } = reader
  const { answer: event, refusal } = await answerOf(readRefusedEvent(ctx, id))
  if (refusal) return showRefusedEventSearch(reply, { value: id, refusal })
  return sendPage(reply, {
    title: [say.activity.trace.title, say.activity.title],
    frame: 'admin',
    body: html`<p class="lead">${say.activity.trace.lead}</p>
      ${factList(refusedEventFacts(reader, event))} ${failuresSection(reader, event)}
      <p><a href="${ACTIVITY_PATH}">${say.activity.back}</a></p>
      ${apiEquivalent(say, ctx.config, { method: 'GET', path: `/refusals/${event.id}` })}`,
  })
}

type Fact = readonly [label: string, value: Html | string]

function refusedEventFacts(reader: MomentReader, event: RefusedEvent): Fact[] {
  const { say } = reader
  const { trace: words } = say.activity
  const { action, result, at, actor, factor, minutesAhead, secondFactor, address, network, agent } = event
  const isOwn = actor !== null && actor.subject === event.person?.subject
  const kinds: Readonly<Record<string, string>> = words.factors
  const policies: Readonly<Record<string, string>> = words.policies
  return [
    [words.reference, html`<code>${event.id}</code>`],
    [words.when, html`${moment(reader, at)} <span class="small">${exactly(reader, at)}</span>`],
    [words.door, html`${eventSentence(say, { action, result, details: null })} ${codeLabel(action)}`],
    [action === 'throttle.blocked' ? words.effect : words.reason, reasonText(reader, event)],
    [words.person, concernedUser(reader, event)],
    ...(actor === null || isOwn ? [] : [[words.actor, userLink(reader, actor)] as const]),
    ...(factor === null ? [] : [[words.factor, kinds[factor] ?? factor] as const]),
    ...(minutesAhead === null ? [] : [[words.clock, driftText(reader, minutesAhead)] as const]),
    [words.policy, policies[secondFactor] ?? secondFactor],
    ...(address === null ? [] : [[words.address, html`<span class="address">${address}</span>`] as const]),
    ...(network === null || network === address
      ? []
      : [[words.network, html`<span class="address">${network}</span>`] as const]),
    ...(agent === null ? [] : [[words.agent, html`<bdi>${agent}</bdi>`] as const]),
  ]
}

/** The code of an action or reason, shown beside its sentence. */
function codeLabel(code: string): Html {
  return html`<span class="small"><code>${code}</code></span>`
}

function reasonText({ say }: MomentReader, { reason }: RefusedEvent): Html {
  if (reason === null) return html`${say.activity.trace.none}`
  const words = standaloneReason(say, reason)
  return html`${words} ${codeLabel(reason)}`
}

function concernedUser({ say }: MomentReader, { meant, person }: RefusedEvent): Html {
  const { trace: words } = say.activity
  if (person !== null) return userLink({ say }, person)
  return html`${meant === 'no-user' ? words.noUser : words.notSaid}`
}

function driftText({ say }: MomentReader, minutesAhead: number): string {
  const { ahead, behind } = say.activity.trace
  return (minutesAhead < 0 ? behind : ahead)(Math.abs(minutesAhead))
}

function failuresSection(reader: MomentReader, { buckets }: RefusedEvent): Html {
  const { trace: words } = reader.say.activity
  const rows = buckets.map((bucket) => failuresRow(reader, bucket))
  return section({
    id: 'tries',
    title: words.tries,
    lead: buckets.length === 0 ? words.noTries : words.triesLead,
    body: buckets.length === 0 ? html`` : rowList(rows),
  })
}
