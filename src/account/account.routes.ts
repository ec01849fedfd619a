import type { App } from '../web/app.ts'
import { ownActivityRoutes } from './own-activity.routes.ts'
import { ownFactorsRoutes } from './own-factors.routes.ts'
import { ownSessionsRoutes } from './own-sessions.routes.ts'
import { profileRoutes } from './profile.routes.ts'

/** Everything below `/users/me`: what people do to themselves. */
export function accountRoutes(app: App): void {
  profileRoutes(app)
  ownSessionsRoutes(app)
  ownFactorsRoutes(app)
  ownActivityRoutes(app)
}
