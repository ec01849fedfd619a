import { ApprovalView } from '#domain/approvals/approval.schema.ts'
import { requireKnownRole } from '#domain/roles/role.service.ts'
import { accountExpiryIn, presentUser, sendUser, userTag, UserView } from '#domain/users/user.schema.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import type { App } from '#foundation/web/http/app.ts'
import { preconditionIn } from '#foundation/web/http/etag.ts'
import { answerPage, decodeCursor } from '#foundation/web/http/pagination.ts'
import { readUser } from '../access/access.service.ts'
import { changeUser } from './change-user.service.ts'
import { groupOfList } from './group-of-list.service.ts'
import { listUsers } from './user-list.service.ts'
import { cursorOf, orderOf, positionIn, type UserCursor, type UserOrder } from './user-list.ts'
import {
  ChangedUserView,
  UserChange,
  UserCursorShape,
  UserPageView,
  UserParameters,
  UserQuery,
} from './users.schema.ts'

/** Routes by which admins list, read and change users. */
export function usersRoutes(app: App): void {
  app.get(
    '/users',
    {
      config: { access: 'users:read' },
      schema: {
        operationId: 'listUsers',
        summary: 'List and search users',
        description:
          'Pages stay stable while users are added or deleted. Users without a sort key count as smallest. If a search has very ' +
          'many matches, or `second_factor` is given, a page can have fewer than `limit` users, or none, and `next_cursor` continues ' +
          'from there.',
        querystring: UserQuery,
        response: { 200: UserPageView },
      },
    },
    async (request, reply) => {
      const { limit = 50, cursor, sort = 'username', q, status, role, second_factor: secondFactor } = request.query
      const group = await groupOfList(request.ctx, request.query.group)
      const order = orderOf(sort)
      const start = cursor === undefined ? { position: null, ordinal: 0 } : startAt(cursor, order)
      if (role !== undefined) await requireKnownRole(request.ctx, role)
      const listing = { q, status, role, secondFactor, group, order, limit, after: start.position }
      const page = await listUsers(request.ctx, listing)
      const ordinal = start.ordinal === undefined ? undefined : start.ordinal + page.items.length
      const next = page.next && cursorOf(page.next, order, ordinal)
      return answerPage(reply, { items: page.items, next }, presentUser)
    },
  )

  app.get(
    '/users/:id',
    {
      config: { access: 'users:read', refusals: ['user.not_found'] },
      schema: {
        operationId: 'getUser',
        summary: 'Read a user',
        params: UserParameters,
        response: { 200: UserView },
      },
    },
    async ({ ctx, params }, reply) => sendUser(reply, await readUser(ctx, params)),
  )

  app.patch(
    '/users/:id',
    {
      config: {
        access: 'users:write',
        refusals: [
          'role.beyond_own',
          'user.not_found',
          'user.username_taken',
          'user.email_taken',
          'user.last_admin',
          'user.own_account',
          'role.grant_forbidden',
          'role.policy_needed',
          'access.reauthentication_required',
          'resource.stale',
          'approval.waiting',
        ],
      },
      schema: {
        operationId: 'changeUser',
        summary: 'Change a user',
        description:
          'A merge patch (RFC 7396). Another role ends the user’s sessions. The last active admin stays an admin, and its account gets no end. An admin cannot change their own role, nor the end of their own account, nor their own email where email is on: `PATCH /users/me` does. Another email withdraws the links that were emailed to the former one, also an invitation: `POST /users/{id}/invitation` sends it again.',
        params: UserParameters,
        body: UserChange,
        response: { 200: ChangedUserView, 202: ApprovalView },
      },
    },
    async (request, reply) => {
      const { full_name: fullName, time_zone: timeZone, expires_at: expiresAt, ...rest } = request.body
      const wanted = { ...rest, fullName, timeZone, expiresAt: accountExpiryIn(expiresAt) }
      const changed = await changeUser(request.ctx, request.params, wanted, preconditionIn(request, userTag))
      return sendUser(reply, changed, changed.invitationWithdrawn ? { invitation_withdrawn: true } : {})
    },
  )
}

interface Start {
  readonly position: UserCursor
  /** How many users come before; undefined in cursors of earlier builds. */
  readonly ordinal: number | undefined
}

function startAt(cursor: string, order: UserOrder): Start {
  const payload = decodeCursor(UserCursorShape, cursor)
  const position = positionIn(payload, order)
  if (position === undefined)
    throw new Refusal('request.validation_failed', { fieldErrors: [{ pointer: '/cursor', code: 'field.cursor' }] })
  return { position, ordinal: payload.ordinal }
}
