import type { App } from '#foundation/web/http/app.ts'
import { AppDeliveriesView, presentDeliveries, RetriedDeliveriesView } from './app-deliveries.schema.ts'
import { readDeliveries, sendDeliveriesAgain } from './app-state.service.ts'
import { AppParameters } from './clients.schema.ts'

const config = { access: 'apps:write', refusals: ['app.not_found'] } as const
const ofApp = { tags: ['Apps'], params: AppParameters }

/** Routes by which admins see whether an app hears of the ends of sessions, and send it again what did not reach it. */
export function appDeliveriesRoutes(app: App): void {
  app.get(
    '/apps/:id/deliveries',
    {
      config,
      schema: {
        ...ofApp,
        operationId: 'getAppDeliveries',
        summary: 'Whether an app hears of the ends of sessions',
        description: 'An app with a `backchannel_uri` is sent a logout token at the end of each session.',
        response: { 200: AppDeliveriesView },
      },
    },
    async ({ ctx, params }) => presentDeliveries(await readDeliveries(ctx, params.id)),
  )

  app.post(
    '/apps/:id/deliveries/retry',
    {
      config,
      schema: {
        ...ofApp,
        operationId: 'retryAppDeliveries',
        summary: 'Send an app the ends of sessions again',
        description: 'Makes the next attempt at once for each that failed, also after the last one.',
        response: { 200: RetriedDeliveriesView },
      },
    },
    async ({ ctx, params }) => ({ retried: await sendDeliveriesAgain(ctx, params.id) }),
  )
}
