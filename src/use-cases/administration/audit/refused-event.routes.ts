import type { App } from '../../../foundation/web/http/app.ts'
import { presentRefusedEvent, RefusedEventParameters, RefusedEventView } from './refused-event.schema.ts'
import { readRefusedEvent } from './refused-event.service.ts'

export function refusedEventRoutes(app: App): void {
  app.get(
    '/refusals/:id',
    {
      config: { access: 'audit:read', refusals: ['audit_event.not_found'] },
      schema: {
        operationId: 'getRefusal',
        tags: ['Administration'],
        summary: 'Why somebody was refused',
        description:
          'For the reference that a refused person was shown: which door, why, who was meant, and what is counted against further tries now.',
        params: RefusedEventParameters,
        response: { 200: RefusedEventView },
      },
    },
    async ({ ctx, params }) => presentRefusedEvent(await readRefusedEvent(ctx, params.id)),
  )
}
