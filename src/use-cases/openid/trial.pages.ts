// The page on which an admin tries the sign-in to an app, and sees what the app gets.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { readClient } from '#domain/clients/client.service.ts'
import { type Client, signsUsersIn } from '#domain/clients/client.ts'
import { texts } from '#foundation/texts/texts.ts'
import { buttonRow, linkButton, primaryLink } from '#foundation/web/components/button.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { factList, section } from '#foundation/web/components/section.ts'
import { state } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { Type } from '#foundation/web/http/type.ts'
import { localeOf, sendPage } from '#foundation/web/pages/page.ts'
import type { Claims } from './claims.ts'
import type { OpenId } from './openid.service.ts'
import { type SignedInTrial, type Trial, tryAppSignIn } from './trial.service.ts'

const config = { access: 'apps:write', page: true, undocumented: true } as const
const schema = { params: Type.Object({ id: Type.String({ maxLength: 64 }) }) }

export function trialPages(app: App, openid: OpenId): void {
  app.get('/admin/apps/:id/test', { config, schema }, async (request, reply) => showTrial(openid, request, reply))
}

async function showTrial(
  openid: OpenId,
  request: FastifyRequest<{ Params: { id: string } }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const ctx = signedIn(request.ctx)
  const client = await readClient(ctx, request.params.id)
  const path = `/admin/apps/${client.id}`
  if (!signsUsersIn(client)) return reply.redirect(path, 303)
  const trial = await tryAppSignIn(openid, { request, reply }, ctx, client.id)
  const { trial: words } = texts(localeOf(reply)).openid
  return sendPage(reply, {
    title: words.title(client.name),
    heading: withNames(words.title, client.name),
    body: html`<p class="lead">${withNames(words.lead, ctx.principal.user.username)}</p>
      ${outcome(reply, client, trial)}
      ${buttonRow(primaryLink(`${path}/test`, words.again), linkButton(path, words.back))}`,
  })
}

function outcome(reply: FastifyReply, client: Client, trial: Trial): Html {
  const { trial: words } = texts(localeOf(reply)).openid
  if (trial.kind === 'authentication-needed') {
    return html`<p>${state('warn', words.authenticationNeeded)}</p>
      <p>${words.authenticationHint}</p>`
  }
  if (trial.kind === 'refused') {
    return html`<p>${state('danger', words.refused)}</p>
      <p>${words.errorOf(trial.error)} ${trial.description}</p>`
  }
  return signedInOutcome(reply, client, trial)
}

function signedInOutcome(reply: FastifyReply, client: Client, trial: SignedInTrial): Html {
  const { trial: words } = texts(localeOf(reply)).openid
  const { idToken, userinfo, redirectUri, scopes, hasRefreshToken, asks } = trial
  return html`<p>${state('ok', words.works)}</p>
    ${asks && html`<p>${withNames(words.asks, client.name)}</p>`}
    ${section({
      id: 'answer',
      title: words.answer,
      body: factList([
        [words.sentTo, html`<code>${redirectUri}</code>`],
        [words.scopes, html`<code>${scopes.join(' ')}</code>`],
        [words.renews, hasRefreshToken ? words.yes : words.no],
      ]),
    })}
    ${claimSection('id-token', words.idToken, idToken)} ${claimSection('userinfo', words.userinfo, userinfo)}`
}

function claimSection(id: string, title: string, claims: Claims): Html {
  const facts = Object.entries(claims).map(
    ([name, value]) => [name, html`<code>${JSON.stringify(value)}</code>`] as const,
  )
  return section({ id, title, body: factList(facts) })
}
