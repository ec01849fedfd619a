import type { HTTPMethods } from 'fastify'

import { Refusal } from '../../foundation/kernel/refusal.ts'
import type { App } from '../../foundation/web/http/app.ts'
import type { Cors } from './cors.ts'

const METHODS: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']
/** The methods whose 405 is answered with a page: GET, as in a navigation, and HEAD, which mirrors GET. */
const OPENING: readonly HTTPMethods[] = ['GET', 'HEAD']

interface KnownPath {
  readonly methods: Set<string>
  isPage: boolean
  /** The path exists in the legacy app, so a 405 keeps that app's wording. */
  hasLegacyWording: boolean
}

/** Collects the methods of each path, so that any other method is answered with 405 and `Allow` (RFC 9110 §15.5.6). */
export class KnownMethods {
  readonly #byUrl = new Map<string, KnownPath>()
  #complete = false

  /** Collects every route that is added from now on. */
  watch(app: App): void {
    app.addHook('onRoute', ({ url, method, config }) => {
      if (this.#complete) return
      const known = this.#byUrl.get(url) ?? { methods: new Set(), isPage: false, hasLegacyWording: false }
      for (const one of [method].flat()) known.methods.add(one)
      known.isPage ||= config?.page === true
      known.hasLegacyWording ||= config?.ignoresUnknownFields === true
      this.#byUrl.set(url, known)
    })
  }

  /** Whether the path can be requested with GET. The router does not know: it also contains the 405 routes of `guard`. */
  canOpen(url: string): boolean {
    return this.#byUrl.get(url)?.methods.has('GET') ?? false
  }

  /** Adds a route that refuses, for each missing method of each path. Must be called after the last route. */
  guard(app: App, cors: Cors): void {
    this.#complete = true
    for (const [url, { methods, isPage, hasLegacyWording }] of this.#byUrl) {
      const allow = METHODS.filter((method) => methods.has(method))
      const others = METHODS.filter((method) => !methods.has(method))
      // A browser that navigates to the URL of a form gets the error as a page.
      for (const [page, method] of Map.groupBy(others, (one) => isPage && OPENING.includes(one)))
        app.route({
          url,
          method,
          config: { access: 'anyone', undocumented: true, ...(page && { page }) },
          onRequest: (request, reply, done) => {
            if (cors.preflight(request, reply, allow)) return
            done(new Refusal('request.method_not_allowed', { allow, hasLegacyWording }))
          },
          handler: () => undefined,
        })
    }
  }
}
