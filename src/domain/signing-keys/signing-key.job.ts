import type { Job } from '#foundation/job.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { rotateDueSigningKeys } from './rotation.service.ts'

export const signingKeyJob: Job = {
  name: 'signing-keys',
  every: minutes(10),
  needsSteadyClock: true,
  run: rotateDueSigningKeys,
}
