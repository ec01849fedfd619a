import type { Config } from '../platform/config.ts'
import type { App } from '../web/app.ts'
import type { Cors } from './cors.ts'
import { safetyHeaders } from './headers.ts'

/** Puts the safety headers and the request's id on every answer, before anything can refuse it. */
export function registerHeaders(app: App, config: Config, cors: Cors): void {
  const { page, data } = safetyHeaders(config)
  app.addHook('onRequest', (request, reply, done) => {
    const isPage = request.routeOptions.config.page === true || request.is404
    reply.headers(isPage ? page : data)
    reply.header('x-request-id', request.id)
    cors.admit(request, reply)
    done()
  })
}
