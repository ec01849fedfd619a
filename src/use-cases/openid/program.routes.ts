// The endpoints that apps call themselves: no page, no cookie, and errors in the form of OAuth 2.0 (RFC 6749 §5.2).
import type { FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'

import { noteSecretUse } from '#domain/clients/client.service.ts'
import type { Client } from '#domain/clients/client.ts'
import { inTransaction } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { hours } from '#foundation/kernel/time.ts'
import type { App } from '#foundation/web/http/app.ts'
import { toProblem } from '#foundation/web/http/problem.ts'
import { addIntrospectedClaims, addUserinfoClaims } from './answered-claims.service.ts'
import { clientIdIn, countRefusedClient, requireClientUnblocked } from './client-guess.service.ts'
import { completeDeviceAnswer } from './device-answer.service.ts'
import { type Exchange, type LibraryAnswer, newExchange, sendAnswer } from './exchange.service.ts'
import { OPENID_PATH } from './openid-path.ts'
import type { OpenId } from './openid.service.ts'

/** Larger requests are refused before the library reads them. */
const LARGEST_BODY = 16 * 1024

const config = { access: 'anyone', bodies: ['untouched'], undocumented: true } as const
const options = { config, bodyLimit: LARGEST_BODY }

interface Endpoint {
  readonly path: string
  readonly methods: readonly HTTPMethods[]
  /** Whether the client authenticates, so that wrong secrets count. */
  readonly authenticates?: true
  /** Whether it writes, in one transaction with the answer: what was answered is stored, and nothing is stored without an answer. */
  readonly writes?: true
  readonly completed?: (exchange: Exchange, answer: LibraryAnswer) => Promise<LibraryAnswer>
}

/** The list by which the endpoints are mounted and named in the discovery document. */
export const PROGRAM_ENDPOINTS = {
  token: { path: '/token', methods: ['POST'], authenticates: true, writes: true },
  pushedRequest: { path: '/request', methods: ['POST'], authenticates: true, writes: true },
  deviceAuthorization: {
    path: '/device/auth',
    methods: ['POST'],
    authenticates: true,
    writes: true,
    completed: completeDeviceAnswer,
  },
  userinfo: { path: '/me', methods: ['GET', 'POST'], completed: addUserinfoClaims },
  introspection: {
    path: '/token/introspection',
    methods: ['POST'],
    authenticates: true,
    completed: addIntrospectedClaims,
  },
  revocation: { path: '/token/revocation', methods: ['POST'], authenticates: true, writes: true },
} as const satisfies Record<string, Endpoint>

export function programRoutes(app: App, openid: OpenId): void {
  for (const endpoint of Object.values(PROGRAM_ENDPOINTS)) {
    for (const method of endpoint.methods)
      app.route({
        ...options,
        method,
        url: OPENID_PATH + endpoint.path,
        handler: (request, reply) => answerProgram(openid, endpoint, request, reply),
      })
    preflight(app, openid, endpoint.path)
  }
}

/** Pages of other origins may call these endpoints: the library checks the origin by the client of the request (CORS). */
export function preflight(app: App, openid: OpenId, path: string): void {
  app.options(OPENID_PATH + path, options, async (request, reply) => {
    const provider = await openid.requiredProvider(request.ctx)
    return sendAnswer(reply, await openid.answer(provider, newExchange(request, reply), path))
  })
}

async function answerProgram(
  openid: OpenId,
  endpoint: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const provider = await openid.requiredProvider(request.ctx)
  return sendingRefusals(reply, async () => {
    if (endpoint.authenticates) await requireClientUnblocked(request)
    await openid.readAgent(
      provider,
      newExchange(request, reply),
      clientIdIn(request.headers.authorization, request.body),
    )
    let known: Client | undefined
    const run = async (ctx: Exchange['ctx']): Promise<LibraryAnswer> => {
      const exchange = { ...newExchange(request, reply), ctx }
      const answer = await openid.answer(provider, exchange, endpoint.path)
      await noteUsedSecret(exchange)
      known = [...exchange.clients.values()][0]?.client
      return endpoint.completed ? openid.within(exchange, async () => endpoint.completed!(exchange, answer)) : answer
    }
    const answer = endpoint.writes ? await inTransaction(request.ctx, run) : await run(request.ctx)
    if (endpoint.authenticates && answer.status === 401) await countRefusedClient(request, known)
    return sendAnswer(reply, answer)
  })
}

/** Runs what answers an app; what it refuses is answered in the words of OAuth 2.0. */
export async function sendingRefusals(reply: FastifyReply, work: () => Promise<FastifyReply>): Promise<FastifyReply> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return sendRefusal(reply, error)
  }
}

/** Notes the use of a secret, at most once an hour. */
export async function noteUsedSecret({ ctx, usedSecret }: Pick<Exchange, 'ctx' | 'usedSecret'>): Promise<void> {
  if (usedSecret === undefined) return
  const { id, lastUsedAt } = usedSecret
  if (lastUsedAt === null || Math.abs(ctx.now - lastUsedAt) > hours(1)) await noteSecretUse(ctx, id)
}

/** A refusal in the words of OAuth 2.0, with the status and the headers that it has elsewhere. */
function sendRefusal(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const { publicUrl } = reply.request.ctx.config
  const { status, headers, body } = toProblem(refusal, { publicUrl, instance: reply.request.id })
  const error = status >= 500 || status === 429 ? 'temporarily_unavailable' : 'invalid_request'
  return reply
    .code(status)
    .headers({ ...headers, 'content-type': 'application/json; charset=utf-8' })
    .send({ error, error_description: body.detail })
}
