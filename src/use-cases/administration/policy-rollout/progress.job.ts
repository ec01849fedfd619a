import type { Job } from '../../../foundation/job.ts'
import { hours } from '../../../foundation/kernel/time.ts'
import { notePoliciesProgress } from './progress.service.ts'

export const policyProgressJob: Job = {
  name: 'policy-progress',
  every: hours(1),
  needsSteadyClock: true,
  run: notePoliciesProgress,
}
