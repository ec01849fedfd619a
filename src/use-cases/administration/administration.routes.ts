import type { App } from '../../foundation/web/http/app.ts'
import { eventsRoutes } from './audit/events.routes.ts'
import { refusedEventRoutes } from './audit/refused-event.routes.ts'
import { serverRoutes } from './health/server.routes.ts'
import { factorsRoutes } from './credentials/factors.routes.ts'
import { standingRoutes } from './account-status/account-status.routes.ts'
import { tokensRoutes } from './credentials/tokens.routes.ts'
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
  refusedEventRoutes(app)
  serverRoutes(app)
}
