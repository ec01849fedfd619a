import type { HTTPMethods } from 'fastify'

import { Refusal } from '../../foundation/kernel/refusal.ts'
import type { App } from '../../foundation/web/http/app.ts'
import type { Cors } from './cors.ts'

const METHODS: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']
/** What a browser asks with when a person opens an address. */
const OPENING: readonly HTTPMethods[] = ['GET', 'HEAD']

interface KnownPath {
  readonly methods: Set<string>
  isPage: boolean
  /** A path of the origin app, whose clients may know its words. */
  isOrigins: boolean
}

/** Remembers which methods each path knows, so that the others can be answered with 405 and `Allow`. */
export class KnownMethods {
  readonly #byUrl = new Map<string, KnownPath>()
  #complete = false

  /** Listens to every route added from now on. */
  watch(app: App): void {
    app.addHook('onRoute', ({ url, method, config }) => {
      if (this.#complete) return
      const known = this.#byUrl.get(url) ?? { methods: new Set(), isPage: false, isOrigins: false }
      for (const one of [method].flat()) known.methods.add(one)
      known.isPage ||= config?.page === true
      known.isOrigins ||= config?.ignoresUnknownFields === true
      this.#byUrl.set(url, known)
    })
  }

  /** Whether there is something to see at the path. The router could not say: it counts the answers of `guard`. */
  canOpen(url: string): boolean {
    return this.#byUrl.get(url)?.methods.has('GET') ?? false
  }

  /** Adds the answers for all other methods; call it after the last route. */
  guard(app: App, cors: Cors): void {
    this.#complete = true
    for (const [url, { methods, isPage, isOrigins }] of this.#byUrl) {
      const allow = METHODS.filter((method) => methods.has(method))
      const others = METHODS.filter((method) => !methods.has(method))
      const facts = { allow, isOrigins }
      // Whoever opens the address that a form is sent to is a person, and gets a page.
      const opening = others.filter((method) => isPage && OPENING.includes(method))
      refuseMethods(app, cors, { url, method: opening, page: true, facts })
      refuseMethods(app, cors, { url, method: others.filter((one) => !opening.includes(one)), page: false, facts })
    }
  }
}

interface Refused {
  readonly url: string
  readonly method: HTTPMethods[]
  readonly page: boolean
  readonly facts: { readonly allow: readonly string[]; readonly isOrigins: boolean }
}

function refuseMethods(app: App, cors: Cors, { url, method, page, facts }: Refused): void {
  if (method.length === 0) return
  app.route({
    url,
    method,
    config: { access: 'anyone', undocumented: true, ...(page && { page }) },
    onRequest: (request, reply, done) => {
      if (cors.preflight(request, reply, facts.allow)) return
      done(new Refusal('request.method_not_allowed', facts))
    },
    handler: () => undefined,
  })
}
