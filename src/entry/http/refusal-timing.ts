import type { FastifyRequest } from 'fastify'

import { ResponseGrid } from '../../foundation/platform/passwords/uniform-response-time.ts'
import type { App } from '../../foundation/web/http/app.ts'
import { isSafe } from '../../foundation/web/http/safe-method.ts'

/**
 * Answers every refusal and every error of a request that may change something at the next point of its grid, 429 included: passwords,
 * codes, links and names are guessed by such requests only. The grid begins when the body has arrived and fits its schema. What is
 * refused before that depends on nothing that is stored about a user.
 */
export function registerUniformResponseTime(app: App): void {
  const grids = new WeakMap<FastifyRequest, ResponseGrid>()
  app.addHook('preHandler', (request, reply, done) => {
    if (isSafe(request)) return done()
    const grid = new ResponseGrid()
    grids.set(request, grid)
    // Emitted also for a connection that is lost before the answer is complete, which has no onSend.
    reply.raw.once('close', () => grid.end())
    done()
  })
  // The answer is complete here, so that nothing but sending it follows.
  app.addHook('onSend', (request, reply, _payload, done) => {
    const grid = grids.get(request)
    if (grid === undefined) return done()
    if (reply.statusCode >= 400) return void grid.nextPoint().then(() => done())
    grid.end()
    done()
  })
}
