import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import type { Config } from '../../foundation/platform/config/types.ts'
import type { App } from '../../foundation/web/http/app.ts'
import type { Brand } from '../../foundation/web/http/brand.ts'
import { answerUnroutable } from './errors/errors.ts'
import { safetyHeaders } from './headers.ts'

const DOCS = '/docs'
const REQUEST_ID = 'x-request-id'

/**
 * Content security policy of the page: only the server's own scripts. Swagger UI sets styles from script and embeds images in its
 * stylesheet.
 */
const POLICY = [
  "default-src 'none'",
  "base-uri 'none'",
  "connect-src 'self'",
  "font-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "img-src 'self' data:",
  "script-src 'self'",
  "style-src 'self'",
].join('; ')

const config = { access: 'anyone', undocumented: true } as const

/**
 * Serves the page `/docs`, on which the API can be read and tried; all its files come from this server. The page is a Fastify application
 * of its own that is created at the first visit, because its files would take a fifth of the memory of a server whose page is never opened.
 */
export function registerDocs(app: App, settings: Config): void {
  let opened: Promise<FastifyInstance> | undefined
  const serve = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    opened ??= openDocs(app, { ...settings, brand: app.brand }).catch((error: unknown) => {
      // The next visit tries again.
      opened = undefined
      throw error
    })
    const docs = await opened
    reply.hijack()
    request.raw.headers[REQUEST_ID] = request.id
    docs.routing(request.raw, reply.raw)
  }
  app.get(DOCS, { config }, serve)
  app.get(`${DOCS}/*`, { config }, serve)
  app.addHook('onClose', async () => {
    await (await opened)?.close()
  })
}

async function openDocs(app: App, settings: Config & { readonly brand: Brand | undefined }): Promise<FastifyInstance> {
  const [{ fastify }, { default: swagger }, { default: swaggerUi }, document] = await Promise.all([
    import('fastify'),
    import('@fastify/swagger'),
    import('@fastify/swagger-ui'),
    app.openApi(),
  ])
  // Every error below `/docs` is answered as a path that does not exist.
  const refuse = (request: FastifyRequest, reply: FastifyReply): void =>
    answerUnroutable(undefined, request, reply, settings)
  const docs = fastify({
    routerOptions: { ignoreTrailingSlash: true },
    // The outer application has already given the request its id.
    requestIdHeader: REQUEST_ID,
    frameworkErrors: (_error, request, reply) => refuse(request, reply),
  })
  const { page } = safetyHeaders(settings)
  docs.addHook('onRequest', (request, reply, done) => {
    reply.headers({ ...page, [REQUEST_ID]: request.id })
    done()
  })
  docs.setNotFoundHandler(refuse)
  docs.setErrorHandler((_error, request, reply) => refuse(request, reply))
  await docs.register(swagger, { mode: 'static', specification: { document: document as never } })
  await docs.register(swaggerUi, {
    routePrefix: DOCS,
    staticCSP: POLICY,
    uiConfig: { deepLinking: true, persistAuthorization: false, validatorUrl: null },
    initOAuth: { scopes: [] },
  })
  await docs.ready()
  return docs
}
