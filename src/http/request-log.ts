import type { FastifyReply, FastifyRequest } from 'fastify'

import type { App } from '../web/app.ts'
import { isSafe } from '../web/safe-method.ts'

/** One line a request, naming the route rather than the address: an address may hold the token of a link. */
export function registerRequestLog(app: App): void {
  app.addHook('onResponse', (request, reply, done) => {
    logAnswer(request, reply)
    done()
  })
}

function logAnswer(request: FastifyRequest, reply: FastifyReply): void {
  const { log } = request.ctx
  const isQuiet = reply.statusCode < 400 && isSafe(request)
  const level = isQuiet ? 'debug' : 'info'
  if (!log.isLevelEnabled(level)) return
  const { caller } = request.ctx
  log[level](
    {
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      subject: caller.kind === 'signed-in' ? caller.user.subject : null,
      network: caller.origin.network,
    },
    'answered',
  )
}
