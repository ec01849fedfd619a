import type { App } from '../../../foundation/web/http/app.ts'
import { observedRequest } from '../../../foundation/web/http/observed-request.ts'
import { checkUp } from './health.service.ts'
import { readOverview } from '../dashboard/overview.service.ts'
import { CheckupView, presentCheckup } from './health.schema.ts'
import { OverviewView, presentOverview } from './server.schema.ts'

const tags = ['Administration']

/** How the server as a whole is doing. */
export function serverRoutes(app: App): void {
  app.get(
    '/overview',
    {
      config: { access: 'users:read' },
      schema: {
        operationId: 'getOverview',
        tags,
        summary: 'The server in numbers',
        description: 'Users by standing, running sessions, sign-ins and refusals by day, how many have a second step.',
        response: { 200: OverviewView },
      },
    },
    async (request) => presentOverview(await readOverview(request.ctx)),
  )

  app.get(
    '/checkup',
    {
      config: { access: 'users:read' },
      schema: {
        operationId: 'getCheckup',
        tags,
        summary: 'Check the server over',
        description:
          'Each check with its result and, where one is needed, what to do. The command `doctor` says the same.',
        response: { 200: CheckupView },
      },
    },
    async (request) => presentCheckup(await checkUp(request.ctx, observedRequest(request))),
  )
}
