import type { App } from '../web/app.ts'
import { eventsRoutes } from './events.routes.ts'
import { serverRoutes } from './server.routes.ts'
import { standingRoutes } from './standing.routes.ts'
import { userListRoutes } from './user-list.routes.ts'
import { usersRoutes } from './users.routes.ts'

/** What admins do to others, and what they may look at. */
export function administrationRoutes(app: App): void {
  userListRoutes(app)
  usersRoutes(app)
  standingRoutes(app)
  eventsRoutes(app)
  serverRoutes(app)
}
