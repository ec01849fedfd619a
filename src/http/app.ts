import { fastify, LogController } from 'fastify'

import type { Dependencies } from '../context.ts'
import { minutes, seconds } from '../kernel/time.ts'
import type { App } from '../web/app.ts'
import { readBrand } from '../web/brand.ts'
import { registerAccess } from './access.ts'
import { registerHeaders } from './answer-headers.ts'
import { registerBodies } from './bodies.ts'
import { clientErrorHandler } from './client-error.ts'
import { corsFor } from './cors.ts'
import { registerDocs } from './docs.ts'
import { answerUnroutable, registerErrors } from './errors.ts'
import { Listeners } from './listeners.ts'
import { KnownMethods } from './methods.ts'
import { registerOpenApi } from './openapi.ts'
import { requestIdMaker } from './request-id.ts'
import { registerRequestLog } from './request-log.ts'
import { registerRouteChecks } from './route-checks.ts'
import { ROUTES } from './routes.ts'

/** Long enough for a token of a link, which stands in a path. */
const LONGEST_PARAMETER = 200
/** Longer than load balancers keep an idle connection, so that they and not we end it. */
const KEEP_ALIVE = seconds(72)

/**
 * The whole HTTP door, ready to listen or to be asked in tests.
 * @param routes what to answer; a test may give its own
 */
export async function buildApp(deps: Dependencies, routes: readonly ((app: App) => void)[] = ROUTES): Promise<App> {
  const app = newApp(deps)
  app.decorate('brand', await readBrand(deps.config))
  app.decorate('clock', deps.clock)
  app.decorate('writeProbe', deps.writeProbe)
  const cors = corsFor(deps.config)
  const methods = new KnownMethods()
  methods.watch(app)
  app.decorate('canOpen', (url: string) => methods.canOpen(url))
  registerRouteChecks(app)
  registerErrors(app)
  registerBodies(app)
  registerHeaders(app, deps.config, cors)
  registerAccess(app, deps)
  registerRequestLog(app)
  registerOpenApi(app, deps.config)
  for (const register of routes) register(app)
  if (deps.config.docs) registerDocs(app, deps.config)
  methods.guard(app, cors)
  await app.ready()
  return app
}

function newApp({ config, log, newId, random }: Dependencies): App {
  const clientError = clientErrorHandler(config, newId)
  const listeners = new Listeners({
    clientError,
    connectionTimeout: Math.max(config.requestTimeout, minutes(2)),
    // By default Node looks for late requests every 30 seconds only, and waits a minute for headers.
    http: {
      requestTimeout: config.requestTimeout,
      headersTimeout: config.requestTimeout,
      connectionsCheckingInterval: Math.min(config.requestTimeout, seconds(5)),
      keepAliveTimeout: KEEP_ALIVE,
    },
  })
  const app: App = fastify({
    loggerInstance: log,
    // Ours is one cheap line a request, and it names the route instead of the address.
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: (logger) => logger,
    genReqId: requestIdMaker(random),
    clientErrorHandler: clientError,
    serverFactory: (handler) => listeners.newServer(handler),
    frameworkErrors: (error, request, reply) =>
      answerUnroutable(error, request, reply, { ...config, brand: app.brand }),
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    bodyLimit: config.bodyLimit,
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true, caseSensitive: true, maxParamLength: LONGEST_PARAMETER },
  }) as unknown as App
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (listeners.isStopping) reply.header('connection', 'close')
    done()
  })
  return app
}
