// The stream of endings: apps hear at once that a user, a session or a consent has ended, so that they may remember what a token is worth.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { knownPosition, LIST_KEPT, positionBefore } from '#domain/audit/ending-list.service.ts'
import { EndingReader, type EndingStream, type ReaderDeps } from '#domain/back-channel/ending-reader.service.ts'
import { secretGiven } from '#domain/clients/client-secret.service.ts'
import { isPublic } from '#domain/clients/client.ts'
import { type Duration, seconds } from '#foundation/kernel/time.ts'
import { SYSTEM_TIMERS } from '#foundation/platform/system.ts'
import type { App } from '#foundation/web/http/app.ts'
import { fieldIn } from '#foundation/web/http/redirect.ts'
import { basicCredentials, countRefusedClient, requireClientUnblocked } from './client-guess.service.ts'
import { newExchange } from './exchange.service.ts'
import { OPENID_PATH } from './openid-path.ts'
import type { OpenId } from './openid.service.ts'
import { noteUsedSecret, sendingRefusals } from './program.routes.ts'
import { storedClient } from './stored-client.service.ts'

const ENDINGS_PATH = '/endings'

const config = { access: 'anyone', undocumented: true } as const

/** How long an answer in JSON waits for something to say. */
const LONGEST_WAIT: Duration = seconds(25)
/** In bytes: a receiver for which more waits to be sent has read nothing for minutes. */
const MOST_UNSENT = 1024 * 1024

export function endingsRoutes(app: App, openid: OpenId): void {
  const reader = new EndingReader()
  let wasListening = false
  app.get(ENDINGS_PATH, { config }, async (request, reply) => {
    const { ctx } = request
    await openid.requiredProvider(ctx)
    wasListening ||= app.server.listening
    const deps: ReaderDeps = {
      context: () => ({ ...ctx, now: app.clock?.now() ?? ctx.now }),
      issuer: ctx.config.publicUrl + OPENID_PATH,
      isStopping: () => wasListening && !app.server.listening,
    }
    return sendingRefusals(reply, () => open(reader, deps, request, reply))
  })
}

async function open(
  reader: EndingReader,
  deps: ReaderDeps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const app = await authenticatedApp(request, reply)
  if (app === undefined)
    return reply
      .header('www-authenticate', 'Basic realm="endings"')
      .code(401)
      .send({ error: 'invalid_client', error_description: 'client authentication failed' })
  const after = await firstPosition(request)
  if (after === 'unknown')
    return reply.code(410).send({
      error: 'position_unknown',
      error_description: 'the list has no such position: forget what you remember, and begin without it',
    })
  if (!reader.hasRoomFor(app.clientId))
    return reply
      .header('retry-after', '10')
      .code(429)
      .send({ error: 'temporarily_unavailable', error_description: 'too many streams are open' })
  // HEAD is answered as GET is, but has no content to wait for.
  if (request.raw.method === 'HEAD') return reply.send('')
  const stream = { ...app, after }
  const { accept = '' } = request.headers
  return accept.includes('application/json')
    ? answerOnce(reader, deps, stream, reply)
    : keepOpen(reader, deps, stream, reply)
}

type Beginning = Pick<EndingStream, 'clientId' | 'secretId' | 'after'>

/** Returns the app that has authenticated by its id and secret; undefined where it has not, which counts as a guess. */
async function authenticatedApp(
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Pick<EndingStream, 'clientId' | 'secretId'> | undefined> {
  await requireClientUnblocked(request)
  const { id, secret } = basicCredentials(request.headers.authorization) ?? { id: '', secret: '' }
  const found = await storedClient(newExchange(request, reply), id)
  const secrets = found === undefined || isPublic(found.client) ? [] : found.secrets
  const used = secretGiven(request.ctx, secrets, secret)
  if (used === undefined) {
    await countRefusedClient(request, found?.client)
    return undefined
  }
  await noteUsedSecret({ ctx: request.ctx, usedSecret: used })
  return { clientId: id, secretId: used.id }
}

/** Returns the position after which the reader wants to begin; undefined for the end of the list. */
async function firstPosition({ ctx, query }: FastifyRequest): Promise<number | undefined | 'unknown'> {
  const after = fieldIn(query, 'after')
  if (after !== undefined)
    return typeof after === 'string' ? ((await knownPosition(ctx, after)) ?? 'unknown') : 'unknown'
  const within = Number(fieldIn(query, 'within') ?? 0)
  return within > 0 ? positionBefore(ctx, Math.min(seconds(within), LIST_KEPT)) : undefined
}

/** Server-sent events: `ending` for each token, and every second `complete` with the position. */
function keepOpen(reader: EndingReader, deps: ReaderDeps, beginning: Beginning, reply: FastifyReply): FastifyReply {
  reply.hijack()
  const { raw } = reply
  // A proxy that collects an answer before it passes it on would hold everything back.
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream',
    'x-accel-buffering': 'no',
    connection: 'close',
  })
  raw.flushHeaders()
  const close = reader.open(deps, {
    ...beginning,
    send: (_jti, token) => void raw.write(`event: ending\ndata: ${token}\n\n`),
    complete: (position, elapsed) =>
      void raw.write(`event: complete\nid: ${position}\ndata: {"elapsed":${elapsed}}\n\n`),
    isCongested: () => raw.writableLength > MOST_UNSENT,
    end: () => (raw.writableLength > MOST_UNSENT ? raw.destroy() : raw.end()),
  })
  raw.on('close', close)
  return reply
}

/** One answer in the form of RFC 8936 §2.4 with a position: as soon as there is a token, or else after a while. */
function answerOnce(
  reader: EndingReader,
  deps: ReaderDeps,
  beginning: Beginning,
  reply: FastifyReply,
): Promise<FastifyReply> {
  return new Promise((resolve) => {
    const sets: Record<string, string> = {}
    let isLate = false
    const finish = (more: object): void => {
      cancel()
      close()
      resolve(reply.send({ sets, ...more }))
    }
    const cancel = SYSTEM_TIMERS.after(LONGEST_WAIT, () => (isLate = true))
    const close = reader.open(deps, {
      ...beginning,
      send: (jti, token) => void (sets[jti] = token),
      complete: (position, elapsed) => {
        if (isLate || Object.keys(sets).length > 0) finish({ position, elapsed })
      },
      isCongested: () => false,
      end: () => finish({}),
    })
    reply.raw.on('close', () => {
      cancel()
      close()
    })
  })
}
