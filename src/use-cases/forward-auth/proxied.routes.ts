// What all routes share that a reverse proxy asks for a protected host: which request they are about, and how they refuse it.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { texts } from '#foundation/texts/texts.ts'
import { html, render } from '#foundation/web/html.ts'
import { cookieNameAt, readCookie } from '#foundation/web/http/cookies.ts'
import { localeOf } from '#foundation/web/pages/page.ts'
import { HOST_COOKIE, presentedToken } from './credentials.ts'
import {
  type Asked,
  decide,
  type Decision,
  requireHosts,
  RulesMemory,
  type RequestedHost,
  type Visitor,
} from './decision.service.ts'
import { type ForwardedRequest, forwardedRequestIn, isPreflight, isProgram } from './forwarded-request.ts'
import { RefusalRecorder, type RefusedRequest } from './refused-request.service.ts'

/** What the routes of one program remember. */
export class ForwardAuth {
  readonly rules = new RulesMemory()
  readonly refusals = new RefusalRecorder()
}

export type AnswerProxy = (
  request: FastifyRequest,
  reply: FastifyReply,
  forwarded: ForwardedRequest,
) => Promise<FastifyReply>

/** Returns a handler for requests of a trusted proxy. All others are refused, since their headers could name any host and path. */
export function ofProxy(state: ForwardAuth, answer: AnswerProxy) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const isProxied = isFromProxy(request)
    const forwarded = isProxied ? forwardedRequestIn(request.headers) : undefined
    if (forwarded !== undefined) return answer(request, reply, forwarded)
    await requireHosts(request.ctx)
    const reason = isProxied ? 'host_headers' : 'host_not_proxied'
    return refuse(state, request, reply, { reason, host: undefined, visitor: undefined })
  }
}

/** Whether a trusted proxy has sent a request and names its client: then `ips` holds both. */
function isFromProxy({ ips }: FastifyRequest): boolean {
  return ips !== undefined && ips.length > 1
}

/** Decides about a request, and notes who has sent it. */
export async function decideFor(
  state: ForwardAuth,
  request: FastifyRequest,
  forwarded: ForwardedRequest,
): Promise<Decision> {
  const { headers, ctx } = request
  const asked: Asked = {
    request: forwarded,
    isPreflight: isPreflight(forwarded, headers),
    cookie: readCookie(headers.cookie, cookieNameAt(forwarded.scheme, HOST_COOKIE)),
    token: presentedToken(headers.authorization),
  }
  const decision = await decide(ctx, state.rules, asked)
  if ('visitor' in decision) noteVisitor(request, decision.visitor)
  return decision
}

/** Makes a visitor the principal of the request: the last use is stored after the answer. */
export function noteVisitor(request: FastifyRequest, visitor: Visitor | undefined): void {
  if (visitor === undefined) return
  request.ctx = { ...request.ctx, principal: visitor.principal }
  request.dueForTouch = visitor.dueForTouch
}

/** Answers 403 with the reason in one sentence; never a redirect, which would lead back here. */
export async function refuse(
  state: ForwardAuth,
  request: FastifyRequest,
  reply: FastifyReply,
  refused: RefusedRequest,
): Promise<FastifyReply> {
  await state.refusals.record(request.ctx, refused)
  return sendText(reply, 403, texts(localeOf(reply)).forwardAuth.refused[refused.reason])
}

/** Answers 401 to a script or a program, which a redirect would lead nowhere. A program is asked for a token where the host takes one. */
export function refuseUnknown(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  { name, apiTokens }: RequestedHost,
  reason: 'signIn' | 'wrongToken' = 'signIn',
): FastifyReply {
  if (apiTokens && isProgram(headers)) reply.header('www-authenticate', `Basic realm="${name}"`)
  return sendText(reply, 401, texts(localeOf(reply)).forwardAuth[reason])
}

export function sendText(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).type('text/plain; charset=utf-8').send(`${text}\n`)
}

interface PlainPage {
  readonly status: number
  readonly words: { readonly title: string; readonly text: string; readonly link: string }
  readonly href: string
}

/** A page under the name of a host, where the stylesheets of this server are not. */
export function sendPlainPage(reply: FastifyReply, { status, words, href }: PlainPage): FastifyReply {
  const page = html`<!doctype html>
    <html lang="${localeOf(reply)}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${words.title}</title>
      </head>
      <body>
        <h1>${words.title}</h1>
        <p>${words.text}</p>
        <p><a href="${href}">${words.link}</a></p>
      </body>
    </html>`
  return reply.code(status).type('text/html; charset=utf-8').send(render(page))
}
