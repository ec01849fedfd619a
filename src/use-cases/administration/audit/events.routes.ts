import { EventPosition } from '#domain/audit/event-position.schema.ts'
import type { App } from '#foundation/web/http/app.ts'
import { instantOrNone } from '#foundation/web/http/instant.ts'
import { answerPage, decodeCursor } from '#foundation/web/http/pagination.ts'
import { AuditEventPage, AuditEventQuery, presentEvent } from './events.schema.ts'
import { listNamedEvents } from './events.service.ts'
import { presentRefusedEvent, RefusedEventParameters, RefusedEventView } from './refused-event.schema.ts'
import { readRefusedEvent } from './refused-event.service.ts'

/** The routes that read the audit log, and one refused event by its reference. */
export function eventsRoutes(app: App): void {
  app.get(
    '/audit-events',
    {
      config: { access: 'audit:read', refusals: ['user.ambiguous'] },
      schema: {
        operationId: 'listAuditEvents',
        summary: 'Read the audit log',
        description: 'Newest first. The events of a deleted user are found by the user’s subject.',
        querystring: AuditEventQuery,
        response: { 200: AuditEventPage },
      },
    },
    async (request, reply) => {
      const { limit = 50, cursor, since, until, ...rest } = request.query
      const page = await listNamedEvents(request.ctx, {
        ...rest,
        since: instantOrNone(since, '/since'),
        until: instantOrNone(until, '/until'),
        limit,
        cursor: cursor === undefined ? null : decodeCursor(EventPosition, cursor),
      })
      return answerPage(reply, page, presentEvent)
    },
  )

  app.get(
    '/refusals/:id',
    {
      config: { access: 'audit:read', refusals: ['audit_event.not_found'] },
      schema: {
        operationId: 'getRefusal',
        summary: 'Why a request was refused',
        description:
          'For the reference that a refused user was shown: the action, the reason, the user concerned, and the failures counted now.',
        params: RefusedEventParameters,
        response: { 200: RefusedEventView },
      },
    },
    async ({ ctx, params }) => presentRefusedEvent(await readRefusedEvent(ctx, params.id)),
  )
}
