import type { FastifyRequest } from 'fastify'

import type { Duration } from '#foundation/kernel/time.ts'
import { ResponseGrid } from '#foundation/platform/passwords/uniform-response-time.ts'
import { isSafe } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'

/**
 * Delays every error answer, 429 and the redirect after a refused form included, of a request with an unsafe method to the next point of its response grid, so that the response
 * time does not reveal whether a user exists (user enumeration). Passwords, codes, links and names are guessed by such requests only. A
 * route with `uniformTime` delays its successes alike, where a success must not reveal it either. The
 * grid begins when the body has arrived and passed its schema; what is refused before that does not depend on stored data of a user.
 * @param step milliseconds from one point to the next
 */
export function registerUniformResponseTime(app: App, step: Duration): void {
  const grids = new WeakMap<FastifyRequest, ResponseGrid>()
  app.decorateRequest('isRefusedForm', false)
  app.addHook('preHandler', (request, reply, done) => {
    if (isSafe(request)) return done()
    const grid = new ResponseGrid(step)
    grids.set(request, grid)
    // Emitted also for a connection that is lost before the answer is complete, which has no onSend.
    reply.raw.once('close', () => grid.end())
    done()
  })
  // The answer is complete here; only sending it follows.
  app.addHook('onSend', (request, reply, _payload, done) => {
    const grid = grids.get(request)
    if (grid === undefined) return done()
    const isDelayed = reply.statusCode >= 400 || request.isRefusedForm || request.route.config.uniformTime === true
    if (isDelayed) return void grid.nextPoint().then(() => done())
    grid.end()
    done()
  })
}
