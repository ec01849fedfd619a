import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'

import type { App } from '../web/app.ts'
import type { OpenApiDocument } from './openapi.ts'

const DOCS = '/docs'

/** Its own scripts and nothing else; it sets styles from script, and shows images that are part of its stylesheet. */
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

/** The page on which the API can be read and tried, without anything from another site. */
export async function registerDocs(app: App, document: () => OpenApiDocument): Promise<void> {
  // The plugin takes a finished document; it is made when somebody first reads it.
  await app.register(swagger, { mode: 'static', specification: { document: { toJSON: document } as never } })
  await app.register(swaggerUi, {
    routePrefix: DOCS,
    staticCSP: POLICY,
    uiConfig: { deepLinking: true, persistAuthorization: false, validatorUrl: null },
    initOAuth: { scopes: [] },
  })
}

/** Whether a route is one of the documentation page's, which the plugin adds without declaring who may use it. */
export function isDocsRoute(url: string): boolean {
  return url === DOCS || url.startsWith(`${DOCS}/`)
}
