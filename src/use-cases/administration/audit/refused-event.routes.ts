import type { App } from '../../../foundation/web/http/app.ts'
import { presentRefusedEvent, RefusedEventParameters, RefusedEventView } from './refused-event.schema.ts'
import { readRefusedEvent } from './refused-event.service.ts'

/** The route that returns a refused event by its reference. */
export function refusedEventRoutes(app: App): void {
  app.get(
    '/refusals/:id',
    {
      config: { access: 'audit:read', refusals: ['audit_event.not_found'] },
      schema: {
        operationId: 'getRefusal',
        tags: ['Administration'],
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
