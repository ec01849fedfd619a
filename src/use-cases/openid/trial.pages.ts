// The page on which an admin tries the sign-in to an app, and sees what the app gets.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { readClient } from '#domain/clients/client.service.ts'
import { type Client, signsUsersIn } from '#domain/clients/client.ts'
import { seconds } from '#foundation/kernel/time.ts'
import { texts } from '#foundation/texts/texts.ts'
import { primaryLink } from '#foundation/web/components/button.ts'
import { exactly, type MomentReader } from '#foundation/web/components/moments.ts'
import { name, withNames } from '#foundation/web/components/person-name.ts'
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
  const say = texts(localeOf(reply))
  const { trial: words } = say.openid
  const reader = { say, now: ctx.now, timeZone: ctx.principal.user.timeZone }
  return sendPage(reply, {
    title: words.title(client.name),
    up: { href: path, label: name(client.name) },
    heading: withNames(words.title, client.name),
    body: html`<p class="lead">${withNames(words.lead, ctx.principal.user.username)}</p>
      ${outcome(reader, client, trial)}
      <p>${primaryLink(`${path}/test`, words.again)}</p>`,
  })
}

function outcome(reader: MomentReader, client: Client, trial: Trial): Html {
  const { trial: words } = reader.say.openid
  if (trial.kind === 'authentication-needed') {
    return html`<p>${state('warn', words.authenticationNeeded)}</p>
      <p>${words.authenticationHint}</p>`
  }
  if (trial.kind === 'refused') {
    return html`<p>${state('danger', words.refused)}</p>
      ${client.disabledAt !== null && html`<p>${words.disabled}</p>`}
      <p>${words.errorOf(trial.error)} ${trial.description}</p>`
  }
  return signedInOutcome(reader, client, trial)
}

function signedInOutcome(reader: MomentReader, client: Client, trial: SignedInTrial): Html {
  const { trial: words } = reader.say.openid
  const { idToken, userinfo, redirectUri, scopes, hasRefreshToken, asks } = trial
  return html`<p>${state('ok', words.works)}</p>
    ${asks && html`<p>${withNames(words.asks, client.name)}</p>`}
    ${section({
      id: 'answer',
      title: words.answer,
      body: factList([
        ...(redirectUri === undefined ? [] : [[words.sentTo, html`<code>${redirectUri}</code>`] as const]),
        [words.scopes, html`<code>${scopes.join(' ')}</code>`],
        [words.renews, hasRefreshToken ? words.yes : words.no],
      ]),
    })}
    ${claimSection(reader, 'id-token', words.idToken, idToken)}
    ${claimSection(reader, 'userinfo', words.userinfo, userinfo)}`
}

function claimSection(reader: MomentReader, id: string, title: string, claims: Claims): Html {
  const facts = Object.entries(claims).map(([name, value]) => [name, claimValue(reader, name, value)] as const)
  return section({ id, title, body: factList(facts) })
}

/** The value as JSON; a time (RFC 7519 section 2: in seconds) also as a date. */
function claimValue(reader: MomentReader, name: string, value: unknown): Html {
  const code = html`<code>${JSON.stringify(value)}</code>`
  if (!TIMES.includes(name) || typeof value !== 'number') return code
  return html`${code} <span class="small">${exactly(reader, seconds(value))}</span>`
}

const TIMES = ['auth_time', 'exp', 'iat']
