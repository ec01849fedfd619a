// The page that asks whether an app may learn who its user is: what it learns, and how long it stays signed in (OpenID Connect Core §3.1.2.4).
import type { FastifyReply, FastifyRequest } from 'fastify'

import { hostOfDocument } from '#domain/agents/allowed-documents.ts'
import type { Client } from '#domain/clients/client.ts'
import { isOnDevice } from '#domain/clients/redirect-uri.ts'
import { coversItems } from '#domain/grants/consent.ts'
import { spanInWords } from '#foundation/texts/spans.ts'
import { texts } from '#foundation/texts/texts.ts'
import { longButtonRow, secondaryButton, submitButton } from '#foundation/web/components/button.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import { formToken } from '#foundation/web/http/form-token.ts'
import { localeOf } from '#foundation/web/pages/page.ts'
import { whoIsSignedIn } from '#use-cases/page-sections/signed-in-user.pages.ts'
import { sendAppCard } from './app-card.pages.ts'
import { whatAppGets } from './app-gets.pages.ts'
import { type ConsentQuestion, readQuestion } from './consent-question.service.ts'
import { askToContinue, notYou } from './interaction-questions.pages.ts'
import type { Asked } from './interaction.service.ts'
import { interactionPath } from './openid-path.ts'

/** The field with the revisions of the rows that the page shows. */
export const REVISION_FIELD = 'revision'

/** Asks the user to agree. A trusted app on the device only has to be the one that the user has just opened. */
export async function askToAgree(request: FastifyRequest, reply: FastifyReply, asked: Asked): Promise<FastifyReply> {
  const { params } = asked.interaction
  const isRequested = params['prompt']?.split(' ').includes('consent') === true
  if (asked.client.trusted && !isRequested) return askToContinue(request, reply, asked)
  const question = await readQuestion(signedIn(request.ctx), asked)
  const { client, interaction } = asked
  const { consent: words } = texts(localeOf(reply)).openid
  const path = interactionPath(interaction.uid)
  return sendAppCard(request, reply, client, {
    title: words.title,
    body: html`${client.kind === 'agent' && agentOf(reply, client)}
      <p class="lead">${leadOf(reply, asked, question)}</p>
      ${whoIsSignedIn(request, reply, notYou(request, reply, interaction))}
      ${whatAppGets(request, reply, { client, question, stays: stayInWords(request, reply, question) })}
      ${longButtonRow(
        html`<form method="post" action="${path}/consent">
          ${formToken(request)}
          <input type="hidden" name="${REVISION_FIELD}" value="${question.revision}" />
          ${submitButton(words.allow)}
        </form>`,
        html`<form method="post" action="${path}/deny">${formToken(request)} ${secondaryButton(words.cancel)}</form>`,
      )}`,
  })
}

/** Whose program it is: everything else about it its document says of itself. */
function agentOf(reply: FastifyReply, { id }: Client): Html {
  const { agentFrom } = texts(localeOf(reply)).openid.consent
  return html`<p class="agent-host"><span>${agentFrom}</span> <bdi>${hostOfDocument(id)}</bdi></p>`
}

function leadOf(reply: FastifyReply, { client, interaction }: Asked, { items, before }: ConsentQuestion): Html {
  const { consent: words } = texts(localeOf(reply)).openid
  const uri = interaction.params['redirect_uri'] ?? ''
  if (isOnDevice(uri)) return withNames(words.onDevice, client.name)
  const isMore = before !== undefined && !coversItems(before.items, items)
  return withNames(isMore ? words.asksForMore : words.lead, client.name, URL.parse(uri)?.host ?? '')
}

function stayInWords({ ctx }: FastifyRequest, reply: FastifyReply, { items }: ConsentQuestion): string {
  const { language, openid } = texts(localeOf(reply))
  const { offline, inSession } = openid.consent
  if (items.includes('scope:offline_access')) return offline
  return inSession(spanInWords(language, signedIn(ctx).principal.terms.absolute))
}
