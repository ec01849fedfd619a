import { Refusal } from '../../../foundation/kernel/refusal.ts'
import { presentUser } from '../../../domain/users/user.schema.ts'
import type { App } from '../../../foundation/web/http/app.ts'
import { decodeCursor, encodeCursor, linkToNext } from '../../../foundation/web/http/pagination.ts'
import { cursorOf, orderOf, placeIn } from './user-list.ts'
import type { UserOrder, UserCursor } from './user-list.ts'
import { listUsers } from './user-list.service.ts'
import { UserCursorShape, UserPageView, UserQuery } from './users.schema.ts'

/** The route that lists users. */
export function userListRoutes(app: App): void {
  app.get(
    '/users',
    {
      config: { access: 'users:read' },
      schema: {
        operationId: 'listUsers',
        tags: ['Administration'],
        summary: 'List and search users',
        description:
          'Pages stay stable while users are added or deleted. Users without a sort key count as smallest. If a search has very ' +
          'many matches, a page can have fewer than `limit` users, or none, and `next_cursor` continues from there.',
        querystring: UserQuery,
        response: { 200: UserPageView },
      },
    },
    async (request, reply) => {
      const { limit = 50, cursor, sort = 'username', q, status, role } = request.query
      const order = orderOf(sort)
      const listing = { q, status, role, order, limit, after: cursor === undefined ? null : cursorIn(cursor, order) }
      const page = await listUsers(request.ctx, listing)
      const next = page.next === null ? null : encodeCursor(cursorOf(page.next, order))
      if (next !== null) reply.header('link', linkToNext(request.ctx.config.publicUrl, request.url, next))
      return { items: page.items.map(presentUser), next_cursor: next }
    },
  )
}

function cursorIn(cursor: string, order: UserOrder): UserCursor {
  const place = placeIn(decodeCursor(UserCursorShape, cursor), order)
  if (place === undefined)
    throw new Refusal('request.validation_failed', { faults: [{ pointer: '/cursor', code: 'field.cursor' }] })
  return place
}
