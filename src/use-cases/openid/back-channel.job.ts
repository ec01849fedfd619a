import { newDeliveries } from '#domain/back-channel/delivery.service.ts'
import { DELIVERY_DEADLINE } from '#domain/back-channel/delivery.ts'
import { queueEndings } from '#domain/back-channel/fan-out.service.ts'
import type { Job, JobContext } from '#foundation/job.ts'
import { logoutToken } from './logout-token.service.ts'
import { OpenId } from './openid.service.ts'

/** An ending is chained within half a second, and sent within another. */
const EVERY = 500

/** Runs on each node without a lease, since a lock admits one node to the list, and each delivery has a lease of its own. */
export function backChannelJob(deadline = DELIVERY_DEADLINE): Job {
  const openid = new OpenId()
  const deliveries = newDeliveries(async (ctx: JobContext, client, delivery) => {
    const provider = await openid.requiredProvider(ctx)
    return logoutToken(provider, client, delivery)
  }, deadline)
  return {
    name: 'back-channel',
    every: EVERY,
    onEveryNode: true,
    needsAgreeingClock: true,
    async run(ctx, signal) {
      await queueEndings(ctx, signal)
      await deliveries.start(ctx, signal)
    },
    settle: () => deliveries.settle(),
  }
}
