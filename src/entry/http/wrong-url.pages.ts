import type { FastifyReply, FastifyRequest } from 'fastify'

import { isLoopback } from '#foundation/kernel/loopback.ts'
import { variableOf } from '#foundation/platform/config/settings.ts'
import { texts } from '#foundation/texts/texts.ts'
import { primaryLink } from '#foundation/web/components/button.ts'
import { copyField } from '#foundation/web/components/copy.ts'
import { html } from '#foundation/web/html.ts'
import { isSafe } from '#foundation/web/http/access.ts'
import { localeOf, sendPage } from '#foundation/web/pages/page.ts'

/** RFC 9110 §15.5.20, "Misdirected Request": the host of the URL is not this server's. */
const MISDIRECTED = 421

/**
 * Whether a browser navigated to a page under another host than the public URL's. There, cookies, links and the same-origin check fail in
 * ways that users cannot explain. API requests, health checks and assets are answered under any host, and all loopback names count as
 * equal.
 */
export function isAtWrongUrl(request: FastifyRequest, isPage: boolean): boolean {
  const { headers, ctx, route } = request
  if (!isPage && !route.isUnknown) return false
  if (!isSafe(request)) return false
  if (!(headers.accept ?? '').includes('text/html')) return false
  const expected = new URL(ctx.config.publicUrl)
  const opened = URL.parse(`${expected.protocol}//${request.host}`)
  if (opened?.host === expected.host) return false
  return !(opened !== null && isLoopback(opened.hostname) && isLoopback(expected.hostname))
}

/** Shows both URLs, a link to the right one and, for the operator, the setting to change. */
export function showWrongUrl({ ctx, host, url }: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { wrongUrl: say } = texts(localeOf(reply))
  const { publicUrl } = ctx.config
  const { protocol } = new URL(publicUrl)
  const current = `${protocol}//${host.slice(0, 255)}`
  return sendPage(reply, {
    title: say.title,
    status: MISDIRECTED,
    body: html`<p class="lead" role="alert">${say.lead}</p>
      ${copyField({ id: 'expected-address', label: say.expected, groups: [publicUrl] })}
      ${copyField({ id: 'current-address', label: say.current, groups: [current] })}
      <p>${primaryLink(`${publicUrl}${url}`, say.go(publicUrl))}</p>
      <p>${say.setting}</p>
      ${copyField({ id: 'setting', label: variableOf('public_url'), groups: [current] })}
      <details>
        <summary>${say.behindProxy}</summary>
        <p>${say.proxy}</p>
      </details>`,
  })
}
