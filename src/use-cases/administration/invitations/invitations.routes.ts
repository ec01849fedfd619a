import { ApprovalView } from '#domain/approvals/approval.schema.ts'
import { accountExpiryIn, presentUser } from '#domain/users/user.schema.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { seconds } from '#foundation/kernel/time.ts'
import type { App } from '#foundation/web/http/app.ts'
import { UserParameters } from '../users/users.schema.ts'
import { InvitationList, InvitationReport, LONGEST_LIST, presentBulkReport } from './bulk-invitations.schema.ts'
import { foreseeInvitations, inviteListed } from './bulk-invitations.service.ts'
import {
  CreatedUserView,
  InvitationWish,
  InvitedUser,
  NewUser,
  presentInvitation,
  presentMailed,
  presentWithInvitation,
} from './invitation.schema.ts'
import { inviteUser, mailInvitation } from './invitation.service.ts'
import { createUser } from './new-user.service.ts'

/** Routes that create users and invite users without a second factor. */
export function invitationsRoutes(app: App): void {
  app.post(
    '/users',
    {
      config: {
        access: 'users:write',
        ignoresUnknownFields: true,
        refusals: [
          'role.beyond_own',
          'role.grant_forbidden',
          'access.reauthentication_required',
          'user.username_taken',
          'user.email_taken',
          'approval.waiting',
        ],
      },
      schema: {
        operationId: 'createUser',
        summary: 'Create a user',
        description:
          'Answers with a one-time invitation link, by which the new user sets a password and a second step; with `delivery` `mail` it is sent to them instead. Unknown fields are ignored, as the legacy app does.',
        body: NewUser,
        response: { 200: CreatedUserView, 202: ApprovalView },
      },
    },
    async ({ ctx, body }) => {
      const { full_name: fullName, password: typed, invitation_expires_in: expiresIn, expires_at, ...rest } = body
      const password = typed === undefined ? undefined : Secret.of(typed)
      const lifetime = expiresIn && seconds(expiresIn)
      const wanted = { ...rest, fullName, password, lifetime, expiresAt: accountExpiryIn(expires_at) }
      const { user, invitation } = presentWithInvitation(ctx.config, await createUser(ctx, wanted))
      return { ...user, invitation }
    },
  )

  app.post(
    '/users/:id/invitation',
    {
      config: {
        access: 'users:write',
        refusals: [
          'role.beyond_own',
          'user.not_found',
          'user.already_enrolled',
          'user.disabled',
          'user.expired',
          'access.reauthentication_required',
          'help.mail_limit',
          'approval.waiting',
        ],
        bodyMayBeAbsent: true,
      },
      schema: {
        operationId: 'inviteUser',
        summary: 'Create a new invitation',
        description:
          'For a user without a second step. For a user with permissions, it requires recent authentication. Revokes earlier invitations.',
        params: UserParameters,
        body: InvitationWish,
        response: { 200: InvitedUser, 202: ApprovalView },
      },
    },
    async ({ ctx, params, body: { expires_in: expiresIn, delivery } }) => {
      const lifetime = expiresIn && seconds(expiresIn)
      if (delivery === 'mail') {
        const { user, mailed } = await mailInvitation(ctx, params, { lifetime })
        return { user: presentUser(user), invitation: presentMailed(mailed) }
      }
      const { user, invitation } = await inviteUser(ctx, params, { lifetime })
      return { user: presentUser(user), invitation: presentInvitation(ctx.config, invitation) }
    },
  )

  app.post(
    '/invitations/bulk',
    {
      bodyLimit: LONGEST_LIST,
      config: { access: 'users:write', refusals: ['access.reauthentication_required', 'approval.waiting'] },
      schema: {
        operationId: 'inviteUsers',
        summary: 'Create and invite the users of a list',
        description:
          'CSV (RFC 4180) with a report for each line. Each line is a change of its own: one that is refused does not stop the others. A list that gives a role with permissions requires recent authentication.',
        body: InvitationList,
        response: { 200: InvitationReport },
      },
    },
    async ({ ctx, body }) => {
      const { csv, dry_run: dryRun = false, delivery = 'link', invitation_expires_in: expiresIn, locale } = body
      const wish = { csv, delivery, locale, lifetime: expiresIn && seconds(expiresIn) }
      const reports = await (dryRun ? foreseeInvitations : inviteListed)(ctx, wish)
      return presentBulkReport(ctx.config, { dryRun, reports })
    },
  )
}
