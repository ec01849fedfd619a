import type { App } from '../../../foundation/web/http/app.ts'
import { presentRefusal, RefusalParameters, RefusalView } from './refused-event.schema.ts'
import { readRefusal } from './refused-event.service.ts'

export function refusalRoutes(app: App): void {
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
        params: RefusalParameters,
        response: { 200: RefusalView },
      },
    },
    async ({ ctx, params }) => presentRefusal(await readRefusal(ctx, params.id)),
  )
}
