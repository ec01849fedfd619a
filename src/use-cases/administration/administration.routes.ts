// What admins do to other users, and what they read about the server.
import type { App } from '#foundation/web/http/app.ts'
import { accountStatusRoutes } from './account-status/account-status.routes.ts'
import { userReviewRoutes } from './account-status/user-review.routes.ts'
import { agentsRoutes } from './agents/agents.routes.ts'
import { approvalsRoutes } from './approvals/approvals.routes.ts'
import { attributesRoutes } from './attributes/attributes.routes.ts'
import { userAttributesRoutes } from './attributes/user-attributes.routes.ts'
import { eventsRoutes } from './audit/events.routes.ts'
import { appDeliveriesRoutes } from './clients/app-deliveries.routes.ts'
import { appIconRoutes } from './clients/app-icon.routes.ts'
import { clientsRoutes } from './clients/clients.routes.ts'
import { userAppsRoutes } from './clients/user-apps.routes.ts'
import { credentialsRoutes } from './credentials/credentials.routes.ts'
import { overviewRoutes } from './dashboard/overview.routes.ts'
import { emailConfirmationsRoutes } from './email-confirmations/email-confirmations.routes.ts'
import { groupMembersRoutes } from './groups/group-members.routes.ts'
import { groupsRoutes } from './groups/groups.routes.ts'
import { checkupRoutes } from './health/health.routes.ts'
import { helpRoutes } from './help/help.routes.ts'
import { hostsRoutes } from './hosts/hosts.routes.ts'
import { invitationsRoutes } from './invitations/invitations.routes.ts'
import { outboxRoutes } from './outbox/outbox.routes.ts'
import { effectivePolicyRoutes } from './policies/effective-policy.routes.ts'
import { policiesRoutes } from './policies/policies.routes.ts'
import { exemptionsRoutes } from './policy-rollout/exemptions.routes.ts'
import { planRoutes } from './policy-rollout/plan.routes.ts'
import { progressRoutes } from './policy-rollout/progress.routes.ts'
import { registrationsRoutes } from './registrations/registrations.routes.ts'
import { userDevicesRoutes } from './remembered-devices/user-devices.routes.ts'
import { resourcesRoutes } from './resources/resources.routes.ts'
import { rolesRoutes } from './roles/roles.routes.ts'
import { usersRoutes } from './users/users.routes.ts'

export function administrationRoutes(app: App): void {
  usersRoutes(app)
  rolesRoutes(app)
  userAttributesRoutes(app)
  attributesRoutes(app)
  invitationsRoutes(app)
  emailConfirmationsRoutes(app)
  registrationsRoutes(app)
  accountStatusRoutes(app)
  userReviewRoutes(app)
  credentialsRoutes(app)
  helpRoutes(app)
  userDevicesRoutes(app)
  approvalsRoutes(app)
  eventsRoutes(app)
  overviewRoutes(app)
  planRoutes(app)
  exemptionsRoutes(app)
  progressRoutes(app)
  outboxRoutes(app)
  checkupRoutes(app)
  groupsRoutes(app)
  clientsRoutes(app)
  appIconRoutes(app)
  appDeliveriesRoutes(app)
  userAppsRoutes(app)
  agentsRoutes(app)
  resourcesRoutes(app)
  hostsRoutes(app)
  groupMembersRoutes(app)
  policiesRoutes(app)
  effectivePolicyRoutes(app)
}
