// Builds the HTTP application: hooks, error handlers and all routes.
import type * as Serializers from '@fastify/fast-json-stringify-compiler'
import { fastify, LogController, type RouteOptions } from 'fastify'
import type { IncomingMessage } from 'node:http'
import { createRequire } from 'node:module'

import type { Dependencies } from '#foundation/context.ts'
import { actorOf } from '#foundation/kernel/principal.ts'
import { type Duration, minutes, seconds } from '#foundation/kernel/time.ts'
import type { Config } from '#foundation/platform/config/types.ts'
import type { Logger } from '#foundation/platform/logging/logger.ts'
import { GRID } from '#foundation/platform/passwords/uniform-response-time.ts'
import { randomId } from '#foundation/platform/system.ts'
import { isSafe } from '#foundation/web/http/access.ts'
import type { AddRoutes, App } from '#foundation/web/http/app.ts'
import { readBrand } from '#foundation/web/http/brand.ts'
import {
  parameterCheck,
  type PartCheck,
  presenceCheck,
  strictBodyCheck,
  tolerantBodyCheck,
} from '#foundation/web/http/schema.ts'
import { registerAccess } from './access.ts'
import { bodyKindsOf, readsForm, registerBodies } from './bodies.ts'
import { type Cors, corsFor } from './cors.ts'
import { registerDocs } from './docs.ts'
import { clientErrorHandler } from './errors/client-error.ts'
import { answerUnroutable, registerErrors } from './errors/errors.ts'
import { safetyHeaders } from './headers.ts'
import { KnownMethods, registerHead, routeHeadAsGet, ROUTING } from './methods.ts'
import { registerNavigation, registerWaitingCounts } from './navigation.ts'
import { registerNoContent } from './no-content.ts'
import { registerOpenApi } from './openapi/openapi.ts'
import { registerPageCompression } from './page-compression.ts'
import { registerUniformResponseTime } from './refusal-timing.ts'
import { ROUTES } from './routes.ts'
import { Listeners } from './server.ts'

/**
 * Longer than load balancers keep an idle connection: if they close first, no request arrives on a connection that the server has closed.
 */
const KEEP_ALIVE = seconds(72)
/** In bytes: as much as nginx passes on by default. */
const LARGEST_HEADERS = 32 * 1024
const WELL_FORMED_ID = /^[A-Za-z0-9._-]{1,64}$/
interface AppOptions {
  readonly routes?: readonly AddRoutes[]
  /** Milliseconds between the points in time at which refusals are answered. */
  readonly refusalGrid?: Duration
}

/**
 * Builds the whole HTTP application, ready to listen or to be called by `inject` in a test. Rejects if a route declares no access, or lacks
 * what the OpenAPI document needs.
 * @param options a test may pass routes of its own, and a finer grid so that it need not wait for refusals
 */
export async function buildApp(deps: Dependencies, options: AppOptions = {}): Promise<App> {
  const { routes = ROUTES, refusalGrid = GRID } = options
  const app = newApp(deps)
  app.decorate('brand', await readBrand(deps.config))
  app.decorate('clock', deps.clock)
  app.decorate('writeProbe', deps.writeProbe)
  const cors = corsFor(deps.config)
  const methods = new KnownMethods()
  registerRouteChecks(app)
  registerHead(app)
  methods.watch(app)
  app.decorate('canOpen', (url: string) => methods.canOpen(url))
  app.decorate('leavesSite', (path: string) => methods.leavesSite(path))
  registerNavigation(app)
  registerWaitingCounts(app)
  registerErrors(app)
  registerBodies(app)
  registerHeaders(app, deps.config, cors)
  registerAccess(app, deps)
  methods.refuse(app, cors)
  registerRequestLog(app)
  registerUniformResponseTime(app, refusalGrid)
  registerNoContent(app)
  registerPageCompression(app)
  const add = registerOpenApi(app, deps.config)
  for (const one of routes) add(one)
  if (deps.config.docs) registerDocs(app)
  await app.ready()
  return app
}

function newApp({ config, log, newId }: Dependencies): App {
  const clientError = clientErrorHandler(config, newId)
  const listeners = new Listeners({
    clientError,
    connectionTimeout: Math.max(config.requestTimeout, minutes(2)),
    // By default Node checks for late requests every 30 seconds only, and waits a minute for headers.
    http: {
      requestTimeout: config.requestTimeout,
      headersTimeout: config.requestTimeout,
      connectionsCheckingInterval: Math.min(config.requestTimeout, seconds(5)),
      keepAliveTimeout: KEEP_ALIVE,
      maxHeaderSize: LARGEST_HEADERS,
    },
  })
  const app: App = fastify({
    loggerInstance: fromWarningsOn(log),
    // Fastify's own log lines name the URL, which may contain the token of a link; `registerRequestLog` names the route.
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: (logger) => logger,
    genReqId: (request: IncomingMessage) => requestIdOf(request),
    clientErrorHandler: clientError,
    serverFactory: (handler) => listeners.newServer(handler),
    frameworkErrors: (error, request, reply) =>
      answerUnroutable(error, request, reply, { ...config, brand: app.brand }),
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    bodyLimit: config.bodyLimit,
    return503OnClosing: false,
    schemaController: { compilersFactory: { buildValidator: refuseToCompile, buildSerializer: () => serializerFor } },
    rewriteUrl: routeHeadAsGet,
    routerOptions: ROUTING,
    exposeHeadRoutes: false,
  }) as unknown as App
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (listeners.isStopping) reply.header('connection', 'close')
    done()
  })
  return app
}

/** A log without the lines of Fastify that only inform: `serve` says itself where it listens, behind its banner. */
function fromWarningsOn(log: Logger): Logger {
  return log.isLevelEnabled('info') ? log.child({}, { level: 'warn' }) : log
}

/** The id under which the log and the answer name a request: the client's own if it is well-formed, else a new one. */
function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers['x-request-id']
  if (typeof given === 'string' && WELL_FORMED_ID.test(given)) return given
  // Unlike a counter, it reveals no request volume.
  return randomId()
}

/** Adds the security headers and the request's id to every answer, in a hook that runs before any hook that refuses. */
function registerHeaders(app: App, config: Config, cors: Cors): void {
  const { page, data } = safetyHeaders(config)
  app.addHook('onRequest', (request, reply, done) => {
    const isPage = request.route.config.page === true || request.route.isUnknown
    reply.headers(isPage ? page : data)
    reply.header('x-request-id', request.id)
    cors.admit(request, reply)
    done()
  })
}

/** Writes one log line for each request. The line names the route, not the URL: a URL may contain the token of a link. */
function registerRequestLog(app: App): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { log, principal } = request.ctx
    const level = reply.statusCode < 400 && isSafe(request) ? 'debug' : 'info'
    if (!log.isLevelEnabled(level)) return done()
    const facts = {
      requestId: request.id,
      method: request.method,
      route: request.route.url ?? null,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      subject: actorOf(principal),
      network: principal.source.network,
    }
    log[level](facts, 'answered')
    done()
  })
}

const load = createRequire(import.meta.url)

type Serializer = (answer: unknown) => string

const serializers = new WeakMap<object, Serializer>()

/**
 * The library is loaded at the first answer that needs it, because loading it takes some 5 ms of a start. A schema is compiled once, for every
 * route that answers with it.
 */
function serializerFor(route: { readonly schema?: unknown }): Serializer {
  const schema = route.schema as object
  return atFirstUse(() => {
    const known = serializers.get(schema)
    if (known) return known
    const { SerializerSelector } = load('@fastify/fast-json-stringify-compiler') as typeof Serializers
    const compile = SerializerSelector()({}, {}) as (route: { readonly schema: object }) => Serializer
    const made = compile({ schema })
    serializers.set(schema, made)
    return made
  })
}

/** Replaces Fastify's own validators, which would load a second copy of the rules of JSON Schema: `checkFor` makes all of them. */
function refuseToCompile(): never {
  throw new Error('a route lacks its own validators')
}

/**
 * Checks each route when it is added: a route that declares no access stops the boot. Each route gets the validators and serializers of its
 * schemas.
 */
function registerRouteChecks(app: App): void {
  app.addHook('onRoute', (route) => {
    const { method, url, config } = route
    if (config?.access === undefined)
      throw new Error(`the route ${[method].flat().join(', ')} ${url} declares no access`)
    route.validatorCompiler ??= ({ schema, httpPart }) => atFirstUse(() => checkFor(route, schema, httpPart))
  })
}

/** Defers compilation to the first use: compiling every schema takes longer than the rest of a start, and most are not needed soon. */
function atFirstUse<Input, Result>(make: () => (value: Input) => Result): (value: Input) => Result {
  let made: ((value: Input) => Result) | undefined
  return (value) => (made ??= make())(value)
}

function checkFor({ config = {} }: RouteOptions, schema: object, part: string | undefined): PartCheck {
  if (part !== 'body') return parameterCheck(schema)
  if (bodyKindsOf(config).includes('image')) return presenceCheck
  const check = config.ignoresUnknownFields ? tolerantBodyCheck(schema) : strictBodyCheck(schema)
  return config.bodyMayBeAbsent || readsForm(config) ? (value) => check(value ?? {}) : check
}
