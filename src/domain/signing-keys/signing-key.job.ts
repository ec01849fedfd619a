import type { Job } from '#foundation/job.ts'
import { hours } from '#foundation/kernel/time.ts'
import { rotateDueSigningKeys } from './rotation.service.ts'

export const signingKeyJob: Job = {
  name: 'signing-keys',
  every: hours(1),
  needsSteadyClock: true,
  run: rotateDueSigningKeys,
}
