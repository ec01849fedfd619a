import type { RouteOptions } from 'fastify'

import packageFile from '../../package.json' with { type: 'json' }
import type { Config } from '../platform/config.ts'
import type { App } from '../web/app.ts'
import { sessionCookieName } from '../web/cookies.ts'
import { HOW_TO_AUTHORISE } from './openapi-authorise.ts'
import type { Json, NamedSchemas } from './openapi-hoist.ts'
import { operationOf } from './openapi-operation.ts'
import type { DocumentedRoute } from './openapi-operation.ts'
import { PROBLEM_SCHEMA } from './openapi-refusals.ts'

export interface OpenApiDocument {
  readonly openapi: '3.1.0'
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly servers: readonly { readonly url: string }[]
  readonly tags: readonly { readonly name: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Json>>>>>>
  readonly components: {
    readonly securitySchemes: Readonly<Record<string, Json>>
    readonly schemas: Readonly<Record<string, Json>>
  }
}

const documents = new WeakMap<App, () => OpenApiDocument>()

/** The OpenAPI document of an app that `buildApp` made. */
export function openApiDocument(app: App): OpenApiDocument {
  const document = documents.get(app)
  if (document === undefined) throw new Error('this app describes no routes')
  return document()
}

/**
 * Collects every route added from now on and answers `GET /openapi.json`. A route that is to be documented and lacks an
 * operation id, a summary or a tag stops the boot.
 */
export function registerOpenApi(app: App, config: Config): () => OpenApiDocument {
  const routes: DocumentedRoute[] = []
  app.addHook('onRoute', (route) => {
    if (isDocumented(route)) routes.push(...documented(route))
  })
  let made: OpenApiDocument | undefined
  const document = (): OpenApiDocument => (made ??= describe(routes, config))
  documents.set(app, document)
  app.get('/openapi.json', { config: { access: 'anyone', undocumented: true } }, () => document())
  return document
}

function isDocumented({ method, config }: RouteOptions): boolean {
  return method !== 'HEAD' && !config?.undocumented && !config?.page
}

function documented({ method, url, config = {}, schema = {} }: RouteOptions): DocumentedRoute[] {
  const methods = [method].flat()
  const { operationId, summary, tags } = schema as DocumentedRoute['schema']
  if (!operationId || !summary || !tags?.length) {
    throw new Error(`the route ${methods.join(', ')} ${url} needs an operationId, a summary and tags`)
  }
  return methods.map((one) => ({ method: one, url, config, schema: schema as DocumentedRoute['schema'] }))
}

function describe(routes: readonly DocumentedRoute[], config: Config): OpenApiDocument {
  const { publicUrl } = config
  const found: NamedSchemas = new Map([['Problem', PROBLEM_SCHEMA]])
  const byPath = Map.groupBy(routes, ({ url }) => url.replaceAll(/:(\w+)/g, '{$1}'))
  const paths = [...byPath].map(([path, operations]) => [path, operationsAt(operations, found, publicUrl)] as const)
  const tags = new Set(routes.flatMap(({ schema }) => schema.tags ?? []))
  return {
    openapi: '3.1.0',
    info: {
      title: config.instanceName,
      version: packageFile.version,
      description: `${packageFile.description}.\n\n${HOW_TO_AUTHORISE}`,
    },
    servers: [{ url: publicUrl }],
    tags: [...tags].map((name) => ({ name })),
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes: securitySchemes(config),
      schemas: Object.fromEntries([...found].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    },
  }
}

function operationsAt(
  routes: readonly DocumentedRoute[],
  found: NamedSchemas,
  publicUrl: string,
): Record<string, Record<string, Json>> {
  return Object.fromEntries(routes.map((route) => [route.method.toLowerCase(), operationOf(route, found, publicUrl)]))
}

function securitySchemes(config: Config): Record<string, Json> {
  return {
    bearer: {
      type: 'http',
      scheme: 'bearer',
      description: 'An API token, or the `access_token` of a finished sign-in.',
    },
    password: {
      type: 'oauth2',
      description:
        'For users with an authenticator app: the username, and the password with the six digits of the app appended.',
      flows: { password: { tokenUrl: '/token', scopes: {} } },
    },
    cookie: {
      type: 'apiKey',
      in: 'cookie',
      name: sessionCookieName(config),
      description: 'A browser that signed in on the pages.',
    },
  }
}
