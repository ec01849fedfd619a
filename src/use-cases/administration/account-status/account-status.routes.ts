import { sendUser } from '../../../domain/users/user-etag.schema.ts'
import { presentUser, UserView } from '../../../domain/users/user.schema.ts'
import type { App } from '../../../foundation/web/http/app.ts'
import { resetSecondFactor } from '../credentials/credentials.service.ts'
import { inviteUser } from '../invitations/invitation.service.ts'
import { disableUser, enableUser, signOutUser } from './account-status.service.ts'
import { unlockUser } from '../credentials/unlock.service.ts'
import * as shapes from '../users/users.schema.ts'

const tags = ['Administration']

/** What admins do to how others come in. */
export function standingRoutes(app: App): void {
  app.post(
    '/users/:id/disable',
    {
      config: { access: 'users:write', refusals: ['user.not_found', 'user.last_admin', 'user.own_account'] },
      schema: {
        operationId: 'disableUser',
        tags,
        summary: 'Turn a user off',
        description:
          'They are out from their next request on: their sessions end, their API tokens are revoked and their invitation is withdrawn. Nothing else of theirs is lost.',
        params: shapes.UserParameters,
        response: { 200: UserView },
      },
    },
    async (request, reply) => sendUser(reply, await disableUser(request.ctx, request.params)),
  )

  app.post(
    '/users/:id/enable',
    {
      config: { access: 'users:write', refusals: ['user.not_found', 'access.reauthentication_required'] },
      schema: {
        operationId: 'enableUser',
        tags,
        summary: 'Turn a user on again',
        description:
          'They can sign in as before; API tokens are to be made anew. An admin is turned on again only on a recent proof.',
        params: shapes.UserParameters,
        response: { 200: UserView },
      },
    },
    async (request, reply) => sendUser(reply, await enableUser(request.ctx, request.params)),
  )

  app.post(
    '/users/:id/invitation',
    {
      config: {
        access: 'users:write',
        refusals: ['user.not_found', 'user.already_enrolled', 'user.disabled', 'access.reauthentication_required'],
        bodyMayBeAbsent: true,
      },
      schema: {
        operationId: 'inviteUser',
        tags,
        summary: 'Make a new invitation',
        description:
          'For a user without a second step, and on a recent proof for one who is to be an admin. Takes back the invitations before.',
        params: shapes.UserParameters,
        body: shapes.InvitationWish,
        response: { 200: shapes.InvitedUser },
      },
    },
    async (request) => {
      const { user, invitation } = await inviteUser(request.ctx, request.params, {
        lifetime: shapes.lifetimeIn(request.body.expires_in),
      })
      return { user: presentUser(user), invitation: shapes.presentInvitation(request.ctx.config, invitation) }
    },
  )

  app.post(
    '/users/:id/reset-second-factor',
    {
      config: {
        access: 'users:reset-factors',
        authentication: 'recent',
        refusals: ['user.not_found', 'user.last_admin', 'user.own_account'],
        bodyMayBeAbsent: true,
      },
      schema: {
        operationId: 'resetSecondFactor',
        tags,
        summary: 'Reset a user’s second step',
        description:
          'Removes every authenticator app, passkey and recovery code, ends every session, revokes every API token and withdraws their invitation; at the next sign-in they set up a new one. Check first that it is really them who ask.',
        params: shapes.UserParameters,
        body: shapes.SecondFactorResetWish,
        response: { 200: shapes.ResetUser },
      },
    },
    async (request) => {
      const { reason, reset_password: resetPassword } = request.body
      const reset = await resetSecondFactor(request.ctx, request.params, { reason, resetPassword })
      return shapes.presentReset(request.ctx.config, reset)
    },
  )

  app.post(
    '/users/:id/sign-out',
    {
      config: { access: 'users:write', refusals: ['user.not_found'] },
      schema: {
        operationId: 'signOutUser',
        tags,
        summary: 'Sign a user out everywhere',
        description: 'Ends every session of theirs and revokes every API token; they can sign in again.',
        params: shapes.UserParameters,
        response: { 200: shapes.SignedOutUser },
      },
    },
    async (request) => ({ ended: await signOutUser(request.ctx, request.params) }),
  )

  app.post(
    '/users/:id/unlock',
    {
      config: { access: 'users:write', refusals: ['user.not_found'] },
      schema: {
        operationId: 'unlockUser',
        tags,
        summary: 'Let a user try again at once',
        description: 'Forgets how often a password or code was guessed wrong for them, and the wait that it brought.',
        params: shapes.UserParameters,
        response: { 200: shapes.UnlockedUser },
      },
    },
    async (request) => ({ opened: await unlockUser(request.ctx, request.params) }),
  )
}
