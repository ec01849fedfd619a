// The page of an objection link. GET only shows it, so that mail scanners may open it; the POST ends the request.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { OBJECTION_PATH } from '#domain/approvals/approval-notice.service.ts'
import { changeName } from '#domain/approvals/approval.ts'
import type { Refusal } from '#foundation/kernel/refusal.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { texts } from '#foundation/texts/texts.ts'
import { confirmDangerButton, linkButton, longButtonRow } from '#foundation/web/components/button.ts'
import { deadline } from '#foundation/web/components/moments.ts'
import { name, withMarkup, withNames } from '#foundation/web/components/person-name.ts'
import { noted } from '#foundation/web/components/section.ts'
import { html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { Type } from '#foundation/web/http/type.ts'
import { answerOf } from '#foundation/web/pages/form.ts'
import { localeOf, sendPage } from '#foundation/web/pages/page.ts'
import { redirectRefused, shownForm } from '#foundation/web/pages/refused-form.ts'
import { sendRefusedLink } from '#foundation/web/pages/refused-link.ts'
import { objectByLink, readObjection } from './objections.service.ts'
import { requestDetails } from './request-details.pages.ts'

const config = { access: 'anyone', page: true, undocumented: true } as const
const schema = { params: Type.Object({ token: Type.String({ maxLength: 200 }) }) }

/** Asks the person concerned whether they object, and ends the request. It opens no session. */
export function objectionPages(app: App): void {
  app.get(`${OBJECTION_PATH}/:token`, { config, schema }, (request, reply) =>
    askToObject(request, reply, shownForm(reply).refusal),
  )

  app.post(`${OBJECTION_PATH}/:token`, { config, schema }, async ({ ctx, params }, reply) => {
    const { refusal } = await answerOf(objectByLink(ctx, Secret.of(params.token)))
    if (refusal) return redirectRefused(reply, { refusal }) ?? refuseObjection(reply, refusal)
    const { link } = texts(localeOf(reply)).objections
    return sendPage(reply, {
      title: link.doneTitle,
      body: html`<p class="lead">${link.doneText}</p>
        <p>${linkButton('/account', link.account)}</p>`,
    })
  })
}

async function askToObject(
  { ctx, params }: FastifyRequest<{ Params: { token: string } }>,
  reply: FastifyReply,
  refused?: Refusal,
): Promise<FastifyReply> {
  const { answer, refusal } = await answerOf(readObjection(ctx, Secret.of(params.token)))
  if (refusal) return refuseObjection(reply, refused ?? refusal)
  if (refused) throw refused
  const say = texts(localeOf(reply))
  const { link } = say.objections
  const { approval, asker, timeZone } = answer
  const reader = { say, now: ctx.now, timeZone }
  return sendPage(reply, {
    title: link.title,
    heading: link.question,
    body: html`<p class="lead">${withNames(link.lead, asker?.username ?? link.unnamed)}</p>
      ${noted([
        html`<strong>${withNames(say.approvals.changes[changeName(approval)], approval.targetName)}</strong>`,
        requestDetails(say, approval),
        html`${approval.reason !== null && html`<p>${say.approvals.reason}: ${name(approval.reason)}</p>`}`,
        html`<p>${withMarkup(link.happens, deadline(reader, approval.readyAt))}</p>`,
      ])}
      <p class="small">${link.effect}</p>
      <form method="post">${longButtonRow(confirmDangerButton(link.submit), linkButton('/account', link.keep))}</form>`,
  })
}

/** Shows why an objection link does not work. Throws every refusal that is not about the link or its request. */
function refuseObjection(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const { link } = texts(localeOf(reply)).objections
  const unknown = [link.unknown, link.unknownText] as const
  return sendRefusedLink(reply, refusal, {
    words: {
      'link.used': [link.used, link.usedText],
      'link.expired': [link.expired, link.expiredText],
      'link.unknown': unknown,
      'approval.not_found': unknown,
      'approval.ended': [link.ended, link.endedText],
    },
    instead: html`<p>${linkButton('/account/security/requests', link.account)}</p>`,
  })
}
