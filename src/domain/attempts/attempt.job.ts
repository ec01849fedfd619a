import type { Job } from '#foundation/job.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { clampAttemptTimes, deleteExpiredAttempts } from './attempt.service.ts'

export const attemptJob: Job = {
  name: 'expired-attempts',
  every: minutes(10),
  needsSteadyClock: true,
  clamp: clampAttemptTimes,
  run: deleteExpiredAttempts,
}
