// Errors of a request that must not be answered at the app: its redirect URI is not registered, so it could be another party's (RFC 6749 §4.1.2.1).
import type { FastifyReply } from 'fastify'

import type { AgentFault } from '#domain/agents/agent.service.ts'
import type { Client } from '#domain/clients/client.ts'
import { permissionsOf } from '#foundation/kernel/principal.ts'
import { texts } from '#foundation/texts/texts.ts'
import { linkButton } from '#foundation/web/components/button.ts'
import { requestIdLine } from '#foundation/web/components/copy.ts'
import { lineDrawing } from '#foundation/web/components/drawing.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { fieldIn } from '#foundation/web/http/redirect.ts'
import { localeOf, sendPage } from '#foundation/web/pages/page.ts'
import type { ShownError } from './exchange.service.ts'

/** Shows what was wrong with the request of an app, in one sentence, with the id of the request in the log. */
export function showLibraryError(
  reply: FastifyReply,
  status: number,
  { error, description }: ShownError,
  disabledApp?: Pick<Client, 'name'>,
): FastifyReply {
  const say = texts(localeOf(reply))
  const { unknown, disabled, redirectUri, request, expired } = say.openid
  const words: Readonly<Record<string, { readonly title: string; readonly text: string }>> = {
    invalid_client: disabledApp === undefined ? unknown : { ...disabled, title: disabled.title(disabledApp.name) },
    invalid_redirect_uri: redirectUri,
    session_not_found: expired,
    invalid_request_uri: expired,
  }
  const { title, text } = words[error] ?? { title: request.title, text: request.text(description ?? error) }
  return sendPage(reply, {
    title,
    frame: 'card',
    status: status < 400 ? 400 : status,
    failed: true,
    modules: ['copy'],
    above: lineDrawing('ajar'),
    body: html`<p class="lead">${text}</p>
      ${error === 'invalid_redirect_uri' && unregisteredUri(reply)}
      <p>${linkButton('/', say.error.home)}</p>
      ${requestIdLine(say, reply.request.id)}`,
  })
}

/** The redirect URI that the app has named, for an admin of apps, who can register it. */
function unregisteredUri(reply: FastifyReply): Html | undefined {
  const { query, ctx } = reply.request
  const uri = fieldIn(query, 'redirect_uri')
  if (typeof uri !== 'string' || !permissionsOf(ctx.principal).includes('apps:write')) return undefined
  return html`<p>${texts(localeOf(reply)).openid.redirectUri.admin}</p>
    <p><code>${uri}</code></p>`
}

/** The document of an agent cannot be used, by its field or by what its host has answered. */
export function showAgentFault(reply: FastifyReply, fault: AgentFault): FastifyReply {
  const say = texts(localeOf(reply))
  const { title, text, faults } = say.openid.agent
  return sendPage(reply, {
    title,
    frame: 'card',
    status: 400,
    failed: true,
    modules: ['copy'],
    above: lineDrawing('ajar'),
    body: html`<p class="lead">${text}</p>
      <p>${faults[fault]}</p>
      <p>${linkButton('/', say.error.home)}</p>
      ${requestIdLine(say, reply.request.id)}`,
  })
}

/** The interaction has expired, or was finished. */
export function showExpired(reply: FastifyReply): FastifyReply {
  return showLibraryError(reply, 400, { error: 'session_not_found', description: undefined })
}

/** The app does not exist; where it does, it is disabled. */
export function showUnknownApp(reply: FastifyReply, disabledApp?: Pick<Client, 'name'>): FastifyReply {
  return showLibraryError(reply, 400, { error: 'invalid_client', description: undefined }, disabledApp)
}
