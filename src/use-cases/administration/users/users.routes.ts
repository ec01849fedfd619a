import { Type } from '../../../foundation/web/http/type.ts'

import { Secret } from '../../../foundation/kernel/secret.ts'
import { preconditionIn, sendUser } from '../../../domain/users/user-etag.schema.ts'
import { UserView } from '../../../domain/users/user.schema.ts'
import type { App } from '../../../foundation/web/http/app.ts'
import { changeUser } from './change-user.service.ts'
import { createUser } from '../invitations/new-user.service.ts'
import { deleteUser } from '../account-status/account-status.service.ts'
import { readUser } from '../access/access.service.ts'
import { CreatedUser, lifetimeIn, NewUser, presentWithInvitation, UserChange, UserParameters } from './users.schema.ts'

const tags = ['Administration']

/** One user: made, read, changed, deleted by an admin. */
export function usersRoutes(app: App): void {
  app.post(
    '/users',
    {
      config: {
        access: 'users:write',
        ignoresUnknownFields: true,
        refusals: ['access.reauthentication_required', 'user.username_taken', 'user.email_taken'],
      },
      schema: {
        operationId: 'createUser',
        tags,
        summary: 'Create a user',
        description:
          'Answers with a one-time invitation link, through which the newcomer sets a password and their own second step. Unknown fields are ignored, as the origin app does.',
        body: NewUser,
        response: { 200: CreatedUser },
      },
    },
    async (request) => {
      const { full_name: fullName, password: typed, invitation_expires_in: expiresIn, ...rest } = request.body
      const password = typed === undefined ? undefined : Secret.of(typed)
      const wanted = { ...rest, fullName, password, lifetime: lifetimeIn(expiresIn) }
      const { user, invitation } = presentWithInvitation(request.ctx.config, await createUser(request.ctx, wanted))
      return { ...user, invitation }
    },
  )

  app.get(
    '/users/:id',
    {
      config: { access: 'users:read', refusals: ['user.not_found'] },
      schema: {
        operationId: 'getUser',
        tags,
        summary: 'Read a user',
        params: UserParameters,
        response: { 200: UserView },
      },
    },
    async (request, reply) => {
      const user = await readUser(request.ctx, request.params)
      return sendUser(reply, user)
    },
  )

  app.patch(
    '/users/:id',
    {
      config: {
        access: 'users:write',
        refusals: [
          'user.not_found',
          'user.username_taken',
          'user.email_taken',
          'user.last_admin',
          'user.own_account',
          'access.reauthentication_required',
          'user.stale',
        ],
      },
      schema: {
        operationId: 'changeUser',
        tags,
        summary: 'Change a user',
        description:
          'A merge patch (RFC 7396). Another role ends the user’s sessions; the last active admin stays one, and nobody changes their own role.',
        params: UserParameters,
        body: UserChange,
        response: { 200: UserView },
      },
    },
    async (request, reply) => {
      const { full_name: fullName, time_zone: timeZone, ...rest } = request.body
      const wanted = { ...rest, fullName, timeZone }
      const user = await changeUser(request.ctx, request.params, wanted, preconditionIn(request))
      return sendUser(reply, user)
    },
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
