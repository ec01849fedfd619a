// The routes that the router of a running server has.
import type { FastifyContextConfig, LightMyRequestResponse } from 'fastify'
import assert from 'node:assert/strict'

import { buildApp } from '#entry/http/app.ts'
import { scopesOfRoute } from '#entry/http/permission.ts'
import { ROUTES } from '#entry/http/routes.ts'
import type { Scope } from '#foundation/kernel/principal.ts'
import type { App } from '#foundation/web/http/app.ts'
import type { Server } from '../server/start.ts'

type RouteMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface LiveRoute {
  readonly method: RouteMethod
  readonly url: string
  readonly config: FastifyContextConfig
}

const METHODS: readonly RouteMethod[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/** Every route that the server's router has. A request to each method of each path would find the same, by 1,500 requests that answer 405. */
export async function liveRoutes(server: Server): Promise<LiveRoute[]> {
  const declared = await declaredConfigs(server)
  const found: LiveRoute[] = []
  for (const url of urlsOf(server.app, [...declared.keys()])) {
    for (const method of METHODS) {
      if (!server.app.hasRoute({ method, url })) continue
      const config = declared.get(`${method} ${url}`)
      assert.ok(config, `${method} ${url} exists and was not declared`)
      found.push({ method, url, config })
    }
  }
  return found
}

/** The routes that need a session or an API token. */
export async function guardedRoutes(server: Server): Promise<LiveRoute[]> {
  return (await liveRoutes(server)).filter(({ config }) => config.access !== 'anyone' && config.access !== 'attempt')
}

/** The scopes with which an API token may use the route; undefined where none may. */
export function scopesOf({ method, config }: LiveRoute): readonly Scope[] | undefined {
  return scopesOfRoute({ ...config, access: config.access ?? assert.fail(), method })
}

/** Calls a route with an empty body, and with an id that no row has. */
export function callRoute(
  { app }: Server,
  { method, url }: LiveRoute,
  headers: Readonly<Record<string, string>>,
  query = '',
): Promise<LightMyRequestResponse> {
  const writes = method !== 'GET' && method !== 'DELETE'
  return app.inject({
    method,
    url: url.replaceAll(/:\w+/g, '999999') + query,
    headers: { 'sec-fetch-site': 'same-origin', ...(writes && { 'content-type': 'application/json' }), ...headers },
    ...(writes && { payload: '{}' }),
  })
}

/**
 * The configuration that each route declares, by method and path as in `GET /users/:id`. It is observed while a second app is built, which
 * is then closed.
 */
export async function declaredConfigs({
  doorward,
}: Pick<Server, 'doorward'>): Promise<ReadonlyMap<string, FastifyContextConfig>> {
  // This route is added before the hook.
  const early = { access: 'anyone', undocumented: true } as const
  const declared = new Map<string, FastifyContextConfig>([
    ['GET /openapi.json', early],
    ['HEAD /openapi.json', early],
  ])
  const watch = (app: App): void => {
    app.addHook('onRoute', ({ method, url, config = {} }) => {
      for (const one of [method].flat()) declared.set(`${one} ${url}`, config)
    })
  }
  const app = await buildApp(doorward, { routes: [watch, ...ROUTES] })
  await app.close()
  return declared
}

/** Parses Fastify's tree of routes; a branch holds what its path adds to that of the branch above. */
function urlsOf(app: App, declared: readonly string[]): string[] {
  const above: string[] = []
  const urls: string[] = []
  for (const line of app.printRoutes({ commonPrefix: false }).split('\n')) {
    const [, indent = '', part = ''] = /^([│ ]*)[├└]── (\S+) \(/.exec(line) ?? []
    if (part === '') continue
    const depth = indent.length / 4
    const parent = depth === 0 ? '' : (above[depth - 1] ?? '')
    const url = part === '*' ? wildcardBelow(parent, declared) : parent + part
    above[depth] = url
    urls.push(url)
  }
  return urls
}

/** The tree omits the path before a wildcard; it is taken from the declared routes. */
function wildcardBelow(parent: string, declared: readonly string[]): string {
  const url = declared
    .map((route) => route.split(' ')[1] ?? '')
    .find((one) => one.startsWith(parent) && one.endsWith('/*'))
  assert.ok(url, `no route declares a wildcard below ${parent}`)
  return url
}
