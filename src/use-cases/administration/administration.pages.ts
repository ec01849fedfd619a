import type { App } from '#foundation/web/http/app.ts'
import { agentsPages } from './agents/agents.pages.ts'
import { approvalListPages } from './approvals/approval-list.pages.ts'
import { approvalPages } from './approvals/approval.pages.ts'
import { attributesPages } from './attributes/attributes.pages.ts'
import { activityExportPages } from './audit/activity-export.pages.ts'
import { activityPages } from './audit/activity.pages.ts'
import { chainPages } from './audit/chain.pages.ts'
import { eventPages } from './audit/event.pages.ts'
import { refusedEventSearchPages } from './audit/refused-event-search.pages.ts'
import { refusedEventPages } from './audit/refused-event.pages.ts'
import { appAccessUndoPages } from './clients/app-access-undo.pages.ts'
import { appActsPages } from './clients/app-acts.pages.ts'
import { appDeliveriesPages } from './clients/app-deliveries.pages.ts'
import { appFormPages } from './clients/app-form.pages.ts'
import { appIconPages } from './clients/app-icon.pages.ts'
import { appSecretsPages } from './clients/app-secrets.pages.ts'
import { appPages } from './clients/app.pages.ts'
import { appsPages } from './clients/apps.pages.ts'
import { connectPages } from './dashboard/connect.pages.ts'
import { getStartedPages } from './dashboard/get-started.pages.ts'
import { overviewPages } from './dashboard/overview.pages.ts'
import { emailConfirmationsPages } from './email-confirmations/email-confirmations.pages.ts'
import { groupDeletionPages } from './groups/group-deletion.pages.ts'
import { groupFormPages } from './groups/group-form.pages.ts'
import { groupFormsPages } from './groups/group-forms.pages.ts'
import { groupListPages } from './groups/group-list.pages.ts'
import { groupPages } from './groups/group.pages.ts'
import { checkupPages } from './health/health.pages.ts'
import { hostOptionsPages } from './hosts/host-options.pages.ts'
import { hostRulesPages } from './hosts/host-rules.pages.ts'
import { hostPages } from './hosts/host.pages.ts'
import { hostsPages } from './hosts/hosts.pages.ts'
import { newHostPages } from './hosts/new-host.pages.ts'
import { bulkInvitationPages } from './invitations/bulk-invitations.pages.ts'
import { inviteAgainPages } from './invitations/invite-again.pages.ts'
import { newUserPages } from './invitations/new-user.pages.ts'
import { outboxPages } from './outbox/outbox.pages.ts'
import { policyActPages } from './policies/policy-acts.pages.ts'
import { policyFormPages } from './policies/policy-form.pages.ts'
import { policyListPages } from './policies/policy-list.pages.ts'
import { policyPages } from './policies/policy.pages.ts'
import { exemptionsPages } from './policy-rollout/exemptions.pages.ts'
import { newExemptionPages } from './policy-rollout/new-exemption.pages.ts'
import { planPages } from './policy-rollout/plan.pages.ts'
import { registrationDecisionPages } from './registrations/registration-decision.pages.ts'
import { registrationsPages } from './registrations/registrations.pages.ts'
import { resourceFormPages } from './resources/resource-form.pages.ts'
import { resourcePages } from './resources/resource.pages.ts'
import { resourcesPages } from './resources/resources.pages.ts'
import { roleFormPages } from './roles/role-form.pages.ts'
import { rolePages } from './roles/role.pages.ts'
import { rolesPages } from './roles/roles.pages.ts'
import { userPages } from './user-page/user.pages.ts'
import { bulkPages } from './users-page/bulk.pages.ts'
import { usersPages } from './users-page/users.pages.ts'

/** Every page below `/admin`. */
export function administrationPages(app: App): void {
  overviewPages(app)
  getStartedPages(app)
  connectPages(app)
  usersPages(app)
  userPages(app)
  newUserPages(app)
  rolesPages(app)
  roleFormPages(app)
  rolePages(app)
  bulkPages(app)
  emailConfirmationsPages(app)
  inviteAgainPages(app)
  approvalListPages(app)
  approvalPages(app)
  bulkInvitationPages(app)
  registrationsPages(app)
  registrationDecisionPages(app)
  activityPages(app)
  eventPages(app)
  activityExportPages(app)
  chainPages(app)
  refusedEventSearchPages(app)
  refusedEventPages(app)
  attributesPages(app)
  planPages(app)
  exemptionsPages(app)
  newExemptionPages(app)
  appsPages(app)
  appFormPages(app)
  appPages(app)
  appIconPages(app)
  appSecretsPages(app)
  appActsPages(app)
  appDeliveriesPages(app)
  appAccessUndoPages(app)
  agentsPages(app)
  resourcesPages(app)
  resourceFormPages(app)
  resourcePages(app)
  hostsPages(app)
  newHostPages(app)
  hostPages(app)
  hostRulesPages(app)
  hostOptionsPages(app)
  outboxPages(app)
  policyListPages(app)
  policyFormPages(app)
  policyPages(app)
  policyActPages(app)
  checkupPages(app)
  groupListPages(app)
  groupFormPages(app)
  groupPages(app)
  groupFormsPages(app)
  groupDeletionPages(app)
}
