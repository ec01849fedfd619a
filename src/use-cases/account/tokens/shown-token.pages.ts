// The page that shows a new API token once. The token appears in no URL and in no log.
import type { FastifyReply, FastifyRequest } from 'fastify'

import type { IssuedApiToken } from '#domain/api-tokens/api-token.service.ts'
import type { Scope } from '#foundation/kernel/principal.ts'
import { texts } from '#foundation/texts/texts.ts'
import { type ApiRequest, curlFor } from '#foundation/web/components/api-equivalent.ts'
import { copyButton, copyField, primaryCopyButton } from '#foundation/web/components/copy.ts'
import { exactEnd, moment } from '#foundation/web/components/moments.ts'
import { panel, section } from '#foundation/web/components/section.ts'
import { banner } from '#foundation/web/components/status.ts'
import { html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import { localeOf, sendPage } from '#foundation/web/pages/page.ts'

/** An example request for each scope; requests that only read come first. */
const EXAMPLES: readonly (readonly [Scope, ApiRequest])[] = [
  ['self:read', { method: 'GET', path: '/users/me' }],
  ['users:read', { method: 'GET', path: '/users' }],
  ['audit:read', { method: 'GET', path: '/audit-events' }],
  ['self:write', { method: 'PATCH', path: '/users/me', body: { time_zone: 'Europe/Berlin' } }],
  ['users:write', { method: 'POST', path: '/users', body: { username: 'grace' } }],
]

/** Shows the token, its expiry and a command that uses it. */
export function showToken(
  request: FastifyRequest,
  reply: FastifyReply,
  { apiToken, token }: IssuedApiToken,
): FastifyReply {
  const say = texts(localeOf(reply))
  const ctx = signedIn(request.ctx)
  const { shown } = say.tokens
  const reader = { say, now: ctx.now, timeZone: ctx.principal.user.timeZone }
  const [, example] = EXAMPLES.find(([scope]) => apiToken.scopes.includes(scope)) ?? []
  return sendPage(reply, {
    title: [shown.title, say.security.title],
    up: { href: '/account/security#api-tokens', label: say.security.title },
    notice: banner('warn', shown.once),
    modules: ['copy'],
    body: html`${panel(
      html`${copyField({ id: 'api-token', label: shown.token, groups: [token.reveal()] })}
        <div class="actions">${primaryCopyButton(say, 'api-token', say.words.copy)}</div>
        <p>
          ${shown.until}
          <strong>${exactEnd(reader, apiToken.expiresAt)}</strong> (${moment(reader, apiToken.expiresAt)}).
        </p>`,
    )}
    ${
      example &&
      section({
        id: 'use',
        title: shown.use,
        body: html`<p>${shown.useHint}</p>
          <dl class="copy">
            <dt>${shown.command}</dt>
            <dd>
              <pre class="message command" id="token-command" tabindex="0">
${curlFor(ctx.config.publicUrl, example)}</pre>
              ${copyButton(say, 'token-command')}
            </dd>
          </dl>`,
      })
    }`,
  })
}
