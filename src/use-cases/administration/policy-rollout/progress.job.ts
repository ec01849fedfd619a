import type { Job } from '#foundation/job.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { notePoliciesProgress } from './progress.service.ts'

export const policyProgressJob: Job = {
  name: 'policy-progress',
  every: minutes(10),
  needsSteadyClock: true,
  run: notePoliciesProgress,
}
