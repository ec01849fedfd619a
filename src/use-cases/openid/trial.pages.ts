// The page on which an admin tries the sign-in to an app, and sees what the app gets.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { readClient } from '#domain/clients/client.service.ts'
import { type Client, signsUsersIn } from '#domain/clients/client.ts'
import { seconds } from '#foundation/kernel/time.ts'
import { type Texts, texts } from '#foundation/texts/texts.ts'
import { buttonRow, linkButton, primaryLink } from '#foundation/web/components/button.ts'
import { exactly, type MomentReader } from '#foundation/web/components/moments.ts'
import { name, withNames } from '#foundation/web/components/person-name.ts'
import { factList, panel, section } from '#foundation/web/components/section.ts'
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
      ${outcome(reader, client, trial)} ${nextSteps(say, path, client)}`,
  })
}

/** An app that is disabled is refused again until it is enabled, on the tab of its details. */
function nextSteps({ openid: { trial: words } }: Texts, path: string, { disabledAt }: Client): Html {
  const again = `${path}/test`
  return disabledAt === null
    ? buttonRow(primaryLink(again, words.again))
    : buttonRow(primaryLink(`${path}/details`, words.toEnable), linkButton(again, words.again))
}

function outcome(reader: MomentReader, client: Client, trial: Trial): Html {
  const { trial: words } = reader.say.openid
  if (trial.kind === 'authentication-needed') {
    return panel(
      html`<h2>${state('warn', words.authenticationNeeded)}</h2>
        <p>${words.authenticationHint}</p>`,
    )
  }
  if (trial.kind === 'refused') {
    const code = html`<code>${trial.error}</code>`
    return panel(
      html`<h2>${state('danger', words.refused)}</h2>
        ${client.disabledAt !== null && html`<p>${words.disabled}</p>`}
        ${factList([
          [words.error, code],
          ...(trial.description === undefined
            ? []
            : [[words.description, html`<code>${trial.description}</code>`] as const]),
        ])}`,
    )
  }
  return signedInOutcome(reader, client, trial)
}

function signedInOutcome(reader: MomentReader, client: Client, trial: SignedInTrial): Html {
  const { trial: words } = reader.say.openid
  const { idToken, userinfo, redirectUri, scopes, hasRefreshToken, asks } = trial
  return html`<h2>${state('ok', words.works)}</h2>
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
