import type { App } from '#foundation/web/http/app.ts'
import { enterRoutes } from './enter.routes.ts'
import type { ForwardAuth } from './proxied.routes.ts'
import { verifyRoutes } from './verify.routes.ts'

/** What reverse proxies ask about protected hosts, and the paths of this server under their names. Without a host, its routes answer 404. */
export function forwardAuthRoutes(app: App, state: ForwardAuth): void {
  verifyRoutes(app, state)
  enterRoutes(app, state)
}
