import type { App } from '../web/app.ts'
import { eventsRoutes } from './activity/events.routes.ts'
import { serverRoutes } from './server.routes.ts'
import { standingRoutes } from './user/standing.routes.ts'
import { userListRoutes } from './users/user-list.routes.ts'
import { usersRoutes } from './users/users.routes.ts'

/** What admins do to others, and what they may look at. */
export function administrationRoutes(app: App): void {
  userListRoutes(app)
  usersRoutes(app)
  standingRoutes(app)
  eventsRoutes(app)
  serverRoutes(app)
}
