import { Secret } from '../../../foundation/kernel/secret.ts'
import { seconds } from '../../../foundation/kernel/time.ts'
import { presentUser } from '../../../domain/users/user.schema.ts'
import { ApprovalView } from '../../../domain/approvals/approval.schema.ts'
import type { App } from '../../../foundation/web/http/app.ts'
import { UserParameters } from '../users/users.schema.ts'
import {
  CreatedUser,
  InvitationWish,
  InvitedUser,
  NewUser,
  presentInvitation,
  presentWithInvitation,
} from './invitation.schema.ts'
import { inviteUser } from './invitation.service.ts'
import { createUser } from './new-user.service.ts'

const tags = ['Administration']

/** Routes that create users and invite users without a second factor. */
export function invitationsRoutes(app: App): void {
  app.post(
    '/users',
    {
      config: {
        access: 'users:write',
        ignoresUnknownFields: true,
        refusals: ['access.reauthentication_required', 'user.username_taken', 'user.email_taken', 'approval.waiting'],
      },
      schema: {
        operationId: 'createUser',
        tags,
        summary: 'Create a user',
        description:
          'Answers with a one-time invitation link, by which the new user sets a password and a second step. Unknown fields are ignored, as the legacy app does.',
        body: NewUser,
        response: { 200: CreatedUser, 202: ApprovalView },
      },
    },
    async ({ ctx, body }) => {
      const { full_name: fullName, password: typed, invitation_expires_in: expiresIn, ...rest } = body
      const password = typed === undefined ? undefined : Secret.of(typed)
      const wanted = { ...rest, fullName, password, lifetime: expiresIn && seconds(expiresIn) }
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
          'user.not_found',
          'user.already_enrolled',
          'user.disabled',
          'access.reauthentication_required',
          'approval.waiting',
        ],
        bodyMayBeAbsent: true,
      },
      schema: {
        operationId: 'inviteUser',
        tags,
        summary: 'Create a new invitation',
        description:
          'For a user without a second step; for an admin it requires recent authentication. Revokes earlier invitations.',
        params: UserParameters,
        body: InvitationWish,
        response: { 200: InvitedUser, 202: ApprovalView },
      },
    },
    async ({ ctx, params, body: { expires_in: expiresIn } }) => {
      const { user, invitation } = await inviteUser(ctx, params, { lifetime: expiresIn && seconds(expiresIn) })
      return { user: presentUser(user), invitation: presentInvitation(ctx.config, invitation) }
    },
  )
}
