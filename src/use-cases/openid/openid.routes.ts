import type { App } from '#foundation/web/http/app.ts'
import { authorizationPages } from './authorization.pages.ts'
import { discoveryRoutes } from './discovery.routes.ts'
import { endSessionPages } from './end-session.pages.ts'
import { interactionPages } from './interaction.pages.ts'
import { OpenId } from './openid.ts'
import { programRoutes } from './program.routes.ts'

/** The provider of OpenID Connect, for the apps that are registered here. Without one, its routes answer 404. */
export function openidRoutes(app: App): void {
  const openid = new OpenId()
  discoveryRoutes(app, openid)
  authorizationPages(app, openid)
  interactionPages(app, openid)
  programRoutes(app, openid)
  endSessionPages(app, openid)
}
