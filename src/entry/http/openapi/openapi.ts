// Makes the OpenAPI document from the routes.
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import { fastify, type RouteOptions } from 'fastify'

import type { Config } from '#foundation/platform/config/types.ts'
import type { AddRoutes, App } from '#foundation/web/http/app.ts'
import { compress, type Encoded, sendEncoded } from '#foundation/web/http/assets.ts'
import { sessionCookieName } from '#foundation/web/http/cookies.ts'
import packageFile from '../../../../package.json' with { type: 'json' }
import { PROBLEM_SCHEMA, shareRefusals } from './openapi-refusals.ts'
import {
  completeOperation,
  type DocumentedRoute,
  documentedSchema,
  type Operation,
  type Shared,
} from './openapi-route.ts'

/**
 * Collects every documented route that is added from now on, for `app.openApi()` and `GET /openapi.json`. A documented route without an
 * operation id, a summary or a tag stops the boot. Returns the function that adds routes.
 */
export function registerOpenApi(app: App, config: Config): (routes: AddRoutes) => void {
  const routes: DocumentedRoute[] = []
  let section: string | undefined
  app.addHook('onRoute', (route) => {
    if (isDocumented(route)) routes.push(...documented(route, section))
  })
  let made: Promise<object> | undefined
  app.decorate('openApi', () => {
    made ??= assemble(routes, config).catch((error: unknown) => {
      // The next request tries again.
      made = undefined
      throw error
    })
    return made
  })
  let encoded: Promise<Encoded> | undefined
  app.get('/openapi.json', { config: { access: 'anyone', undocumented: true } }, async (_request, reply) => {
    const document = await app.openApi()
    encoded ??= compress(Buffer.from(JSON.stringify(document)))
    return sendEncoded(reply.type('application/json; charset=utf-8'), await encoded)
  })
  return (routesOfSection) => {
    section = routesOfSection.tag
    routesOfSection(app)
  }
}

function isDocumented({ config }: RouteOptions): boolean {
  return !config?.undocumented && !config?.page
}

function documented(
  { method, url, config = {}, schema = {} }: RouteOptions,
  section: string | undefined,
): DocumentedRoute[] {
  const methods = [method].flat()
  const { operationId, summary, tags = section === undefined ? [] : [section] } = schema
  if (!operationId || !summary || tags.length === 0) {
    throw new Error(`the route ${methods.join(', ')} ${url} needs an operationId, a summary and tags`)
  }
  const tagged = { ...schema, tags } as DocumentedRoute['schema']
  return methods.map((one) => ({ method: one, url, config, schema: tagged }))
}

/**
 * Makes the document with `@fastify/swagger` in its dynamic mode. The routes are added to a separate Fastify application that answers no
 * request, for two reasons: the library is loaded when the document is first read rather than at the start, and the schemas with which the
 * server validates and serializes stay free of references.
 */
async function assemble(routes: readonly DocumentedRoute[], config: Config): Promise<object> {
  const { default: swagger } = await import('@fastify/swagger')
  const app = fastify({ exposeHeadRoutes: false })
  app.setValidatorCompiler(() => () => true)
  app.setSerializerCompiler(() => () => '')
  await app.register(swagger, swaggerOptions(routes, config))
  const shared: Shared = { schemas: new Map([['Problem', PROBLEM_SCHEMA]]), examples: new Map() }
  for (const route of routes) {
    const { method, url } = route
    app.route({ method, url, schema: documentedSchema(route, shared, config.publicUrl), handler: () => undefined })
  }
  for (const [name, schema] of byName(shared.schemas)) app.addSchema({ ...schema, $id: name })
  await app.ready()
  const document = app.swagger() as unknown as { readonly paths: Paths; readonly components: Components }
  const byId = new Map(routes.map((route) => [route.schema.operationId, route]))
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path))
  for (const operation of operations) {
    const route = byId.get(operation.operationId)
    if (route !== undefined) completeOperation(operation, route)
  }
  document.components.examples = Object.fromEntries(byName(shared.examples))
  document.components.responses = shareRefusals(operations)
  return document
}

function byName(things: ReadonlyMap<string, object>): (readonly [string, object])[] {
  return [...things].toSorted(([a], [b]) => (a < b ? -1 : 1))
}

interface Components {
  examples?: object
  responses?: object
}

type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>

function swaggerOptions(routes: readonly DocumentedRoute[], config: Config): FastifyDynamicSwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: config.instanceName,
        version: packageFile.version,
        description: `${packageFile.description}.\n\n${INTRODUCTION}`,
      },
      servers: [{ url: config.publicUrl }],
      tags: [...new Set(routes.flatMap(({ schema }) => schema.tags ?? []))].map((name) => ({ name })),
      components: { securitySchemes: securitySchemes(config) as never },
    },
    refResolver: { buildLocalReference: ({ $id }) => $id as string },
    stripBasePath: false,
    convertConstToEnum: false,
  }
}

function securitySchemes(config: Config): object {
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

/** In Markdown, the beginning of the page `/docs`: how each kind of user authorizes, what works for every user first; and what errors are. */
const INTRODUCTION = `## How to authorize

1. **Anyone: an API token.** Create one under [Security](/account/security/tokens/new) and paste it at *Authorize*, \`bearer\`.
   It works with any second step, within its scopes. It doesn’t work for routes that need you to confirm it’s you.
2. **You have an authenticator app:** at *Authorize*, \`password\`, type your username, and your password with the six digits appended.
3. **You have a passkey and no app:** use an API token, or [sign in](/sign-in) in this browser first; this page then sends your session
   with each request. \`POST /token\` cannot take a passkey and answers \`sign_in.second_factor_elsewhere\`. Programs send a passkey to
   \`POST /attempts/passkey\`.
4. **You have no second step yet:** [sign in](/sign-in) and set one up. Until then, where one is required, \`POST /token\` answers
   \`sign_in.enrolment_needed\`.

## Errors

An error is answered as a problem document (RFC 9457, \`application/problem+json\`). Its \`code\` is for programs, \`detail\` says what happened
and what to do now, and after \`request.validation_failed\` \`errors\` names each field.
`
