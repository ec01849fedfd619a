// A browser comes back to a protected host with a one-time code, and signs out there.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { findHostByName } from '#domain/hosts/host.service.ts'
import { texts } from '#foundation/texts/texts.ts'
import type { App } from '#foundation/web/http/app.ts'
import { cookieNameAt, readCookie, setCookieAt } from '#foundation/web/http/cookies.ts'
import { fieldIn } from '#foundation/web/http/redirect.ts'
import { localeOf } from '#foundation/web/pages/page.ts'
import { signOut } from '#use-cases/sign-in/sign-out.service.ts'
import { ARRIVED_COOKIE, HOST_COOKIE } from './credentials.ts'
import { requireHosts, visitorAt } from './decision.service.ts'
import { enterHost } from './enter.service.ts'
import { type ForwardedRequest, isOfSameHost, isPageRequest, isSafeScheme } from './forwarded-request.ts'
import { arrive, forget, leave, leavingsOf } from './leaving.routes.ts'
import { type ForwardAuth, noteVisitor, ofProxy, refuse, sendPlainPage, sendText } from './proxied.routes.ts'

const SIGN_OUT_PATH = '/.doorward/sign-out'

const config = { access: 'anyone', undocumented: true } as const

export function enterRoutes(app: App, state: ForwardAuth): void {
  app.get(
    '/.doorward/enter',
    { config },
    ofProxy(state, (...asked) => enter(state, ...asked)),
  )

  // Apps take a URL for their button to sign out. A link must not end a session, so this one leads to a question.
  app.get(
    SIGN_OUT_PATH,
    { config },
    ofProxy(state, async ({ ctx }, reply) => {
      await requireHosts(ctx)
      return reply.redirect(`${ctx.config.publicUrl}/sign-out`, 302)
    }),
  )
  app.post(
    SIGN_OUT_PATH,
    { config: { ...config, bodies: ['form'], bodyMayBeAbsent: true } },
    ofProxy(state, signOutAtHost),
  )
}

async function enter(
  state: ForwardAuth,
  request: FastifyRequest,
  reply: FastifyReply,
  forwarded: ForwardedRequest,
): Promise<FastifyReply> {
  const { ctx, headers, query } = request
  const { scheme } = forwarded
  const host = await findHostByName(ctx, forwarded.host)
  if (host === undefined) await requireHosts(ctx)
  if (host === undefined || !isSafeScheme(forwarded))
    return refuse(state, request, reply, { reason: host === undefined ? 'host_unknown' : 'host_http', host })
  const leavings = leavingsOf(request, forwarded)
  const cookie = readCookie(headers.cookie, cookieNameAt(scheme, HOST_COOKIE))
  const code = fieldIn(query, 'code')
  const arrival = { host, code: typeof code === 'string' ? code : '', leavings, cookie }
  const entered = await enterHost(ctx, arrival)
  if (entered !== undefined) {
    forget(reply, scheme, entered.leaving.cookie)
    if (entered.cookie !== undefined) setCookieAt(reply, scheme, HOST_COOKIE, entered.cookie.reveal())
    return arrive(request, reply, forwarded, entered.leaving.wanted)
  }
  const latest = leavings.at(-1)
  const visitor = await visitorAt(ctx, forwarded.host, cookie)
  if (visitor !== undefined) {
    noteVisitor(request, visitor)
    return arrive(request, reply, forwarded, latest?.wanted ?? '/')
  }
  if (latest === undefined || latest.again)
    return sendPlainPage(reply, { status: 403, words: texts(localeOf(reply)).forwardAuth.cookiesBlocked, href: '/' })
  forget(reply, scheme, latest.cookie)
  return leave(request, reply, forwarded, { wanted: latest.wanted, again: true })
}

/** Ends the session at this server, and with it the sign-in at all hosts. */
async function signOutAtHost(
  request: FastifyRequest,
  reply: FastifyReply,
  forwarded: ForwardedRequest,
): Promise<FastifyReply> {
  const { ctx, headers } = request
  const { scheme } = forwarded
  await requireHosts(ctx)
  if (!isOfSameHost(forwarded, headers)) return sendText(reply, 403, texts(localeOf(reply)).forwardAuth.crossOrigin)
  const visitor = await visitorAt(ctx, forwarded.host, readCookie(headers.cookie, cookieNameAt(scheme, HOST_COOKIE)))
  const principal = visitor?.principal
  if (principal?.kind === 'session') await signOut({ ...ctx, principal })
  forget(reply, scheme, HOST_COOKIE)
  forget(reply, scheme, ARRIVED_COOKIE)
  return isPageRequest(headers) ? reply.redirect(`${ctx.config.publicUrl}/sign-out`, 303) : reply.code(204).send()
}
