// HEAD is answered by the route of GET (RFC 9110 §9.3.2).
import { Readable } from 'node:stream'

import type { App } from '#foundation/web/http/app.ts'

/**
 * Lets every route of GET answer HEAD too, with the same headers and without content. Fastify would add a route for HEAD to each of them,
 * which makes a third of all routes, and a start waits for each. Must be called before any other hook that reads the methods of a route.
 */
export function registerHead(app: App): void {
  app.addHook('onRoute', (route) => {
    if (route.method === 'GET') route.method = ['GET', 'HEAD']
  })
  app.addHook('onSend', (request, reply, payload, done) => {
    if (request.method !== 'HEAD') return done()
    if (payload instanceof Readable) {
      // Without a listener, an error of the stream would end the process.
      payload.on('error', (err) =>
        request.ctx.log.error({ err, requestId: request.id }, 'stream failed; HEAD was answered'),
      )
      payload.resume()
    } else reply.header('content-length', Buffer.byteLength((payload as string | Buffer | undefined) ?? ''))
    done(null, null)
  })
}
