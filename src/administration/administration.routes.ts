import type { App } from '../web/app.ts'
import { eventsRoutes } from './activity/events.routes.ts'
import { refusalRoutes } from './refusals/refusal.routes.ts'
import { serverRoutes } from './server.routes.ts'
import { factorsRoutes } from './user/factors.routes.ts'
import { standingRoutes } from './user/standing.routes.ts'
import { tokensRoutes } from './user/tokens.routes.ts'
import { userListRoutes } from './users/user-list.routes.ts'
import { usersRoutes } from './users/users.routes.ts'

/** What admins do to others, and what they may look at. */
export function administrationRoutes(app: App): void {
  userListRoutes(app)
  usersRoutes(app)
  standingRoutes(app)
  factorsRoutes(app)
  tokensRoutes(app)
  eventsRoutes(app)
  refusalRoutes(app)
  serverRoutes(app)
}
