// What a reverse proxy asks about each request of a protected host, and what it shows where the answer is no.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { wantedPath } from '#domain/hosts/wanted-path.ts'
import { texts } from '#foundation/texts/texts.ts'
import { isSafe } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { fieldIn } from '#foundation/web/http/redirect.ts'
import { localeOf } from '#foundation/web/pages/page.ts'
import type { Decision } from './decision.service.ts'
import { type ForwardedRequest, isPageRequest, originOf, pathOf } from './forwarded-request.ts'
import { arrive, hasJustArrived, leave } from './leaving.routes.ts'
import { decideFor, type ForwardAuth, ofProxy, refuse, refuseUnknown, sendPlainPage } from './proxied.routes.ts'

const START_PATH = '/.doorward/start'

const config = { access: 'anyone', undocumented: true } as const

export function verifyRoutes(app: App, state: ForwardAuth): void {
  app.get(
    '/auth/verify',
    { config },
    ofProxy(state, async (request, reply, forwarded) => {
      const decision = await decideFor(state, request, forwarded)
      if (decision.kind === 'pass') return reply.code(204).headers(decision.identity).send()
      // nginx passes on nothing but the status, and asks for the rest under START_PATH.
      if (fieldIn(request.query, 'answer') === 'status')
        return reply.code(decision.kind === 'refused' ? 403 : 401).send()
      const toStart = `${originOf(forwarded)}${START_PATH}?${new URLSearchParams({ to: forwarded.uri })}`
      return answerNo(state, { request, reply, forwarded, decision }, () => reply.redirect(toStart, 302))
    }),
  )

  app.get(
    START_PATH,
    { config },
    ofProxy(state, async (request, reply, outer) => {
      const forwarded = wantedRequest(request, outer)
      const decision = await decideFor(state, request, forwarded)
      const wanted = wantedPath(forwarded.uri)
      const asked = { request, reply, forwarded }
      if (decision.kind === 'pass') return goOn(state, { ...asked, decision }, wanted)
      return answerNo(state, { ...asked, decision }, (requirement) =>
        leave(request, reply, forwarded, { wanted, requirement }),
      )
    }),
  )
}

/** The request that led to the start: the one that the proxy refused, or the one that `to` names after a redirect. */
function wantedRequest({ query }: FastifyRequest, outer: ForwardedRequest): ForwardedRequest {
  if (pathOf(outer) !== START_PATH) return outer
  return { ...outer, method: 'GET', uri: wantedPath(fieldIn(query, 'to')) }
}

interface AskedBy<Made extends Decision> {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly forwarded: ForwardedRequest
  readonly decision: Made
}

type No = Exclude<Decision, { kind: 'pass' }>

/** Leads a browser to the sign-in; says to all others why they may not pass. */
async function answerNo(
  state: ForwardAuth,
  { request, reply, forwarded, decision }: AskedBy<No>,
  leadOn: (requirement: Extract<No, { kind: 'sign-in' }>['requirement']) => FastifyReply,
): Promise<FastifyReply> {
  if (decision.kind === 'refused') return refuse(state, request, reply, decision)
  const { kind, host } = decision
  if (kind === 'wrong-token') return refuseUnknown(request, reply, host, 'wrongToken')
  if (!isPageRequest(request.headers)) return refuseUnknown(request, reply, host)
  if (!isSafe(forwarded)) return showFormLost(reply)
  if (decision.visitor !== undefined && hasJustArrived(request, forwarded, forwarded.uri))
    return refuseCircle(state, request, reply, decision)
  return leadOn(decision.requirement)
}

/** A user who may pass after all: another tab has signed in meanwhile. */
async function goOn(
  state: ForwardAuth,
  { request, reply, forwarded, decision }: AskedBy<Extract<Decision, { kind: 'pass' }>>,
  wanted: string,
): Promise<FastifyReply> {
  if (!isPageRequest(request.headers)) return refuseUnknown(request, reply, decision.host)
  if (!isSafe(forwarded)) return showFormLost(reply)
  if (hasJustArrived(request, forwarded, wanted)) return refuseCircle(state, request, reply, decision)
  return arrive(request, reply, forwarded, wanted)
}

/** The browser was led on a moment ago and is back. */
function refuseCircle(
  state: ForwardAuth,
  request: FastifyRequest,
  reply: FastifyReply,
  { host, visitor }: Pick<Extract<Decision, { kind: 'pass' | 'sign-in' }>, 'host' | 'visitor'>,
): Promise<FastifyReply> {
  return refuse(state, request, reply, { reason: 'host_circle', host, visitor })
}

/** A form that was sent after the session had ended: a redirect would lose what was typed without a word. */
function showFormLost(reply: FastifyReply): FastifyReply {
  const { formLost } = texts(localeOf(reply)).forwardAuth
  return sendPlainPage(reply, { status: 401, words: formLost, href: `${START_PATH}?to=%2F` })
}
