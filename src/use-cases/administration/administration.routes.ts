// What admins do to other users, and what they read about the server.
import type { App } from '../../foundation/web/http/app.ts'
import { accountStatusRoutes } from './account-status/account-status.routes.ts'
import { eventsRoutes } from './audit/events.routes.ts'
import { refusedEventRoutes } from './audit/refused-event.routes.ts'
import { credentialsRoutes } from './credentials/credentials.routes.ts'
import { factorsRoutes } from './credentials/factors.routes.ts'
import { tokensRoutes } from './credentials/tokens.routes.ts'
import { overviewRoutes } from './dashboard/overview.routes.ts'
import { checkupRoutes } from './health/health.routes.ts'
import { invitationsRoutes } from './invitations/invitations.routes.ts'
import { userListRoutes } from './users/user-list.routes.ts'
import { usersRoutes } from './users/users.routes.ts'

/** Every route of administration. */
export function administrationRoutes(app: App): void {
  userListRoutes(app)
  usersRoutes(app)
  invitationsRoutes(app)
  accountStatusRoutes(app)
  credentialsRoutes(app)
  factorsRoutes(app)
  tokensRoutes(app)
  eventsRoutes(app)
  refusedEventRoutes(app)
  overviewRoutes(app)
  checkupRoutes(app)
}
