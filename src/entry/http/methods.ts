import type { FastifyRequest, HTTPMethods } from 'fastify'
import findMyWay from 'find-my-way'
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'

import { Refusal } from '#foundation/kernel/refusal.ts'
import type { App, RequestedRoute } from '#foundation/web/http/app.ts'
import type { Cors } from './cors.ts'

/** Fastify's limit for one path parameter; the token of a link, which stands in a path, fits in it. */
const LONGEST_PARAMETER = 200
/** How the router reads a URL. */
export const ROUTING = { ignoreTrailingSlash: true, caseSensitive: true, maxParamLength: LONGEST_PARAMETER } as const

/** A path is known for these methods; any other method is answered as a path without a route. */
const METHODS: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']

interface KnownPath {
  readonly url: string
  readonly methods: Set<string>
  isPage: boolean
  leavesSite: boolean
  /** The path exists in the legacy app, so a 405 keeps that app's wording. */
  hasLegacyWording: boolean
}

/**
 * Knows the methods of each path, so that any other method is answered with 405 and `Allow` (RFC 9110 §15.5.6), before the body is read, and
 * before the session, except where the answer is a page.
 */
export class KnownMethods {
  readonly #byUrl = new Map<string, KnownPath>()
  #paths: ReturnType<typeof findMyWay> | undefined

  /**
   * Collects every route that is added from now on, and puts into each request the route that it is for. Must be called before the first
   * hook that reads `request.route`.
   */
  watch(app: App): void {
    app.addHook('onRoute', ({ url, method, config }) => {
      const known = this.#byUrl.get(url) ?? newPath(url)
      for (const one of [method].flat()) known.methods.add(one)
      if (known.methods.has('GET')) known.methods.add('HEAD')
      known.isPage ||= config?.page === true
      known.leavesSite ||= config?.leavesSite === true
      known.hasLegacyWording ||= config?.ignoresUnknownFields === true
      this.#byUrl.set(url, known)
    })
    app.decorateRequest('route')
    app.addHook('onRequest', (request, _reply, done) => {
      request.route = this.#routeOf(request)
      done()
    })
  }

  /** Answers the requests whose path lacks their method. Must be called after the hooks that such an answer needs, and no others. */
  refuse(app: App, cors: Cors): void {
    app.addHook('onRequest', (request, reply, done) => {
      const { lacking } = request.route
      if (lacking === undefined) return done()
      if (cors.preflight(request, reply, lacking.allow)) return
      done(new Refusal('request.method_not_allowed', lacking))
    })
  }

  /** Whether the path can be requested with GET. */
  canOpen(url: string): boolean {
    return this.#byUrl.get(url)?.methods.has('GET') ?? false
  }

  /** Whether the route of a path, which may have a query, may redirect the browser to another site. */
  leavesSite(path: string): boolean {
    return this.#pathOf(path)?.known.leavesSite ?? false
  }

  /**
   * The router looks for a path among those of the request's method only. So it finds none, or one with a parameter where another method
   * has a path without: `DELETE /users/me` would reach `DELETE /users/:id`.
   */
  #routeOf(request: FastifyRequest): RequestedRoute {
    const { url, config } = request.routeOptions
    const isUnknown = url === undefined
    if (!isUnknown && !/[:*]/.test(url)) return { url, config, isUnknown }
    const { method } = request
    const found = this.#pathOf(request.url)
    if (found === undefined || found.known.methods.has(method) || !METHODS.some((one) => one === method))
      return { url, config, isUnknown }
    request.params = found.params
    return refusing(found.known, method)
  }

  /** Looks among the paths of all methods, as the router does. Its tree is made at the first look-up, so that a start does not wait for it. */
  #pathOf(url: string): { readonly known: KnownPath; readonly params: object } | undefined {
    this.#paths ??= this.#treeOfPaths()
    const found = this.#paths.find('GET', url)
    return found === null ? undefined : { known: found.store as KnownPath, params: found.params }
  }

  #treeOfPaths(): ReturnType<typeof findMyWay> {
    const tree = findMyWay(ROUTING)
    for (const known of this.#byUrl.values()) tree.on('GET', known.url, () => undefined, known)
    return tree
  }
}

function newPath(url: string): KnownPath {
  return { url, methods: new Set(), isPage: false, leavesSite: false, hasLegacyWording: false }
}

/** The requests of HEAD, whose method reads GET until the answer is sent. */
const heads = new WeakSet<IncomingMessage>()

/**
 * Fastify's `rewriteUrl`, which runs before a route is looked for: the route of GET answers HEAD too (RFC 9110 §9.3.2). So the
 * router, which each start fills, holds a path of GET once. Returns the URL as it is.
 */
export function routeHeadAsGet(request: IncomingMessage): string {
  if (request.method === 'HEAD') {
    heads.add(request)
    request.method = 'GET'
  }
  return request.url ?? '/'
}

/** Sends no content to HEAD, with the headers of GET. Must be called before any hook that changes the content. */
export function registerHead(app: App): void {
  app.addHook('onSend', ({ raw, id, ctx }, reply, payload, done) => {
    if (!heads.has(raw)) return done()
    // Fastify keeps the length of an answer without content only for HEAD.
    raw.method = 'HEAD'
    if (payload instanceof Readable) {
      // Without a listener, an error of the stream would end the process.
      payload.on('error', (err) => ctx.log.error({ err, requestId: id }, 'stream failed; HEAD was answered'))
      payload.resume()
    } else reply.header('content-length', Buffer.byteLength((payload as string | Buffer | undefined) ?? ''))
    done(null, null)
  })
}

/** The route of a path that lacks the method. A browser that navigates to the URL of a form gets the error as a page. */
function refusing({ url, methods, isPage, hasLegacyWording }: KnownPath, method: string): RequestedRoute {
  const allow = METHODS.filter((one) => methods.has(one))
  const page = isPage && method === 'GET'
  const config = { access: 'anyone', ...(page && { page }) } as const
  return { url, config, isUnknown: false, lacking: { allow, hasLegacyWording } }
}
