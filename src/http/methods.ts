import type { HTTPMethods } from 'fastify'

import { Refusal } from '../kernel/refusal.ts'
import type { App } from '../web/app.ts'
import type { Cors } from './cors.ts'

const METHODS: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']

/** Remembers which methods each path knows, so that the others can be answered with 405 and `Allow`. */
export class KnownMethods {
  readonly #byUrl = new Map<string, Set<string>>()
  #complete = false

  /** Listens to every route added from now on. */
  watch(app: App): void {
    app.addHook('onRoute', ({ url, method }) => {
      if (this.#complete) return
      const known = this.#byUrl.get(url) ?? new Set()
      for (const one of [method].flat()) known.add(one)
      this.#byUrl.set(url, known)
    })
  }

  /** Adds the answers for all other methods; call it after the last route. */
  guard(app: App, cors: Cors): void {
    this.#complete = true
    for (const [url, known] of this.#byUrl) {
      const allow = METHODS.filter((method) => known.has(method))
      const method = METHODS.filter((one) => !known.has(one))
      app.route({
        url,
        method,
        config: { access: 'anyone', undocumented: true },
        onRequest: (request, reply, done) => {
          if (cors.preflight(request, reply, allow)) return
          done(new Refusal('request.method_not_allowed', { allow }))
        },
        handler: () => undefined,
      })
    }
  }
}
