import type { App } from '#foundation/web/http/app.ts'
import { discoveryRoutes } from './discovery.routes.ts'
import { endingsRoutes } from './endings.routes.ts'
import type { OpenId } from './openid.service.ts'
import { programRoutes } from './program.routes.ts'

/** What apps ask the provider of OpenID Connect. Without an app, its routes answer 404. */
export function openidRoutes(app: App, openid: OpenId): void {
  discoveryRoutes(app, openid)
  programRoutes(app, openid)
  endingsRoutes(app, openid)
}
