import type { Job } from '#foundation/job.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { deleteOldDeliveriesOf } from './delivery.service.ts'

export const oldDeliveriesJob: Job = {
  name: 'old-deliveries',
  every: minutes(10),
  needsSteadyClock: true,
  run: deleteOldDeliveriesOf,
}
