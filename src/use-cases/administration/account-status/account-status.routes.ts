import { Type } from '../../../foundation/web/http/type.ts'

import { sendUser } from '../../../domain/users/user-etag.schema.ts'
import { UserView } from '../../../domain/users/user.schema.ts'
import type { App } from '../../../foundation/web/http/app.ts'
import { UserParameters } from '../users/users.schema.ts'
import { SignedOutUser } from './account-status.schema.ts'
import { deleteUser, disableUser, enableUser, signOutUser } from './account-status.service.ts'

const tags = ['Administration']

/** Whether a user may sign in: disable, enable, sign out, delete. */
export function accountStatusRoutes(app: App): void {
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
        params: UserParameters,
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
        params: UserParameters,
        response: { 200: UserView },
      },
    },
    async (request, reply) => sendUser(reply, await enableUser(request.ctx, request.params)),
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
        refusals: ['user.not_found', 'user.last_admin', 'user.own_account'],
      },
      schema: {
        operationId: 'deleteUser',
        tags,
        summary: 'Delete a user',
        description:
          'With sessions and authenticator apps; the audit log stays. For one’s own account: DELETE /users/me.',
        params: UserParameters,
        response: { 204: Type.Null({ description: 'Deleted.' }) },
      },
    },
    async (request, reply) => {
      await deleteUser(request.ctx, request.params)
      return reply.code(204).send(null)
    },
  )
}
