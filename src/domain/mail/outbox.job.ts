import type { Job } from '#foundation/job.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { expireMails } from './delivery.service.ts'

export const outboxJob: Job = {
  name: 'expired-mails',
  every: minutes(10),
  needsSteadyClock: true,
  run: expireMails,
}
