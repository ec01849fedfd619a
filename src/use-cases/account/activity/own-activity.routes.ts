import { EventPosition } from '#domain/audit/event-position.schema.ts'
import { authenticated } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { instantOrNone } from '#foundation/web/http/instant.ts'
import { answerPage, decodeCursor } from '#foundation/web/http/pagination.ts'
import { OwnActivityQuery, OwnEventPage, presentOwnEvent } from './own-activity.schema.ts'
import { listOwnActivity } from './own-activity.service.ts'

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
      const { limit = 50, cursor, action, since } = request.query
      const after = cursor === undefined ? null : decodeCursor(EventPosition, cursor)
      const filter = { action, since: instantOrNone(since, '/since'), limit, cursor: after }
      return answerPage(reply, await listOwnActivity(ctx, filter), (event) => presentOwnEvent(event, subject))
    },
  )
}
