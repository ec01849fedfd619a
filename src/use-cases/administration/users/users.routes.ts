import { preconditionIn, sendUser, UserView } from '../../../domain/users/user.schema.ts'
import type { App } from '../../../foundation/web/http/app.ts'
import { changeUser } from './change-user.service.ts'
import { readUser } from '../access/access.service.ts'
import { UserChange, UserParameters } from './users.schema.ts'

const tags = ['Administration']

/** Routes by which admins read and change a user. */
export function usersRoutes(app: App): void {
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
          'A merge patch (RFC 7396). Another role ends the user’s sessions. The last active admin stays an admin, and an admin cannot change their own role.',
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
}
