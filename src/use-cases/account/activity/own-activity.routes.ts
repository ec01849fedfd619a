import { EventPosition } from '#domain/audit/event-position.schema.ts'
import { authenticated } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { decodeCursor, encodeCursor, linkToNext } from '#foundation/web/http/pagination.ts'
import { OwnActivityQuery, OwnEventPage, presentOwnEvent } from './own-activity.schema.ts'
import { listOwnActivity } from './own-activity.service.ts'

/** The route that lists the user's own audit events. */
export function ownActivityRoutes(app: App): void {
  app.get(
    '/users/me/activity',
    {
      config: { access: 'signed-in' },
      schema: {
        operationId: 'listMyActivity',
        summary: 'What happened to my account',
        description: 'Newest first: your activity, changes to your account, and attempts to sign in as you.',
        querystring: OwnActivityQuery,
        response: { 200: OwnEventPage },
      },
    },
    async (request, reply) => {
      const ctx = authenticated(request.ctx)
      const { subject } = ctx.principal.user
      const { limit = 50, cursor } = request.query
      const after = cursor === undefined ? null : decodeCursor(EventPosition, cursor)
      const page = await listOwnActivity(ctx, { limit, cursor: after })
      const next = page.next === null ? null : encodeCursor(page.next)
      if (next !== null) reply.header('link', linkToNext(ctx.config.publicUrl, request.url, next))
      return { items: page.items.map((event) => presentOwnEvent(event, subject)), next_cursor: next }
    },
  )
}
