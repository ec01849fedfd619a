import { ApprovalView } from '#domain/approvals/approval.schema.ts'
import { sendUser, UserView } from '#domain/users/user.schema.ts'
import type { App } from '#foundation/web/http/app.ts'
import { named } from '#foundation/web/http/schema.ts'
import { Type } from '#foundation/web/http/type.ts'
import { UserParameters } from '../users/users.schema.ts'
import { deleteUser, disableUser, enableUser, signOutUser } from './account-status.service.ts'

const SignedOutUser = named(
  'SignedOutUser',
  Type.Object({ ended: Type.Integer({ minimum: 0 }) }, { description: 'How many sessions were ended.' }),
)

/** Whether a user may sign in: disable, enable, sign out, delete. */
export function accountStatusRoutes(app: App): void {
  app.post(
    '/users/:id/disable',
    {
      config: {
        access: 'users:write',
        refusals: ['role.beyond_own', 'user.not_found', 'user.last_admin', 'user.own_account', 'approval.waiting'],
      },
      schema: {
        operationId: 'disableUser',
        summary: 'Disable a user',
        description:
          'Takes effect with the user’s next request: their sessions end, their API tokens and their invitation are revoked. Everything else stays.',
        params: UserParameters,
        response: { 200: UserView, 202: ApprovalView },
      },
    },
    async (request, reply) => sendUser(reply, await disableUser(request.ctx, request.params)),
  )

  app.post(
    '/users/:id/enable',
    {
      config: {
        access: 'users:write',
        refusals: ['role.beyond_own', 'user.not_found', 'access.reauthentication_required', 'approval.waiting'],
      },
      schema: {
        operationId: 'enableUser',
        summary: 'Enable a user',
        description:
          'The user can sign in as before; revoked API tokens stay revoked. Enabling a user with permissions requires recent authentication.',
        params: UserParameters,
        response: { 200: UserView, 202: ApprovalView },
      },
    },
    async (request, reply) => sendUser(reply, await enableUser(request.ctx, request.params)),
  )

  app.post(
    '/users/:id/sign-out',
    {
      config: { access: 'users:write', refusals: ['role.beyond_own', 'user.not_found'] },
      schema: {
        operationId: 'signOutUser',
        summary: 'Sign a user out everywhere',
        description: 'Ends the user’s sessions and revokes their API tokens; they can sign in again.',
        params: UserParameters,
        response: { 200: SignedOutUser },
      },
    },
    async (request) => ({ ended: await signOutUser(request.ctx, request.params) }),
  )

  app.delete(
    '/users/:id',
    {
      config: {
        access: 'users:write',
        authentication: 'recent',
        refusals: ['role.beyond_own', 'user.not_found', 'user.last_admin', 'user.own_account', 'approval.waiting'],
      },
      schema: {
        operationId: 'deleteUser',
        summary: 'Delete a user',
        description:
          'Deletes the user’s sessions and factors too; the audit log stays. For your own account: DELETE /users/me.',
        params: UserParameters,
        response: { 202: ApprovalView, 204: Type.Null({ description: 'Deleted.' }) },
      },
    },
    (request) => deleteUser(request.ctx, request.params),
  )
}
