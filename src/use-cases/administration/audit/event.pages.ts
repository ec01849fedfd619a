import type { FastifyReply, FastifyRequest } from 'fastify'

import { withoutTurns } from '#foundation/kernel/given-name.ts'
import { eventSentence } from '#foundation/texts/texts.ts'
import { eventWords } from '#foundation/web/components/event-words.ts'
import { exactly } from '#foundation/web/components/moments.ts'
import { section } from '#foundation/web/components/section.ts'
import { html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { jsonText } from '#foundation/web/http/json.ts'
import { Type } from '#foundation/web/http/type.ts'
import { sendPage } from '#foundation/web/pages/page.ts'
import { adminReader } from '../access/user-reader.pages.ts'
import { ACTIVITY_PATH, EVENTS_PATH } from './activity-filter.ts'
import { presentEvent } from './events.schema.ts'
import { readNamedEvent } from './events.service.ts'

const Parameters = Type.Object({ id: Type.String() })

/** One event of the audit log as JSON, as the API lists it. */
export function eventPages(app: App): void {
  const config = { access: 'audit:read', page: true, undocumented: true } as const
  app.get(`${EVENTS_PATH}/:id`, { config, schema: { params: Parameters } }, showEvent)
}

async function showEvent(
  { ctx, params }: FastifyRequest<{ Params: { id: string } }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const reader = adminReader(reply)
  const { say } = reader
  const named = await readNamedEvent(ctx, params.id)
  return sendPage(reply, {
    title: [withoutTurns(eventSentence(say, named.event)), say.activity.title],
    heading: eventWords(say, named.event),
    up: { href: ACTIVITY_PATH, label: say.activity.title },
    body: html`<p class="lead">${exactly(reader, named.event.at)}</p>
      ${section({
        id: 'json',
        title: say.activity.json,
        body: html`<pre class="mail-text" tabindex="0"><code>${jsonText(presentEvent(named), 2)}</code></pre>`,
      })}`,
  })
}
