import type { App } from '#foundation/web/http/app.ts'
import { observedRequest } from '#foundation/web/http/ip-address.ts'
import { CheckupView, presentCheckup } from './health.schema.ts'
import { checkUp } from './health.service.ts'

export function checkupRoutes(app: App): void {
  app.get(
    '/checkup',
    {
      config: { access: 'server:read', besides: 'users:read' },
      schema: {
        operationId: 'getCheckup',
        summary: 'Check the server over',
        description:
          'Each check with its result and, if one is needed, the remedy. The command `doctor` shows the same checks.',
        response: { 200: CheckupView },
      },
    },
    async (request) => presentCheckup(await checkUp(request.ctx, observedRequest(request))),
  )
}
