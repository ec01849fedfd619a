import type { App } from '#foundation/web/http/app.ts'
import { OverviewView, presentOverview } from './overview.schema.ts'
import { readOverview } from './overview.service.ts'

export function overviewRoutes(app: App): void {
  app.get(
    '/overview',
    {
      config: { access: 'users:read' },
      schema: {
        operationId: 'getOverview',
        summary: 'The server in numbers',
        description: 'Users by status, running sessions, sign-ins and refusals by day, and users with a second step.',
        response: { 200: OverviewView },
      },
    },
    async (request) => presentOverview(await readOverview(request.ctx)),
  )
}
