import type { Job } from '#foundation/job.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { deleteExpiredRegistrations } from './registration-cleanup.service.ts'

export const registrationJob: Job = {
  name: 'expired-registrations',
  every: minutes(10),
  needsSteadyClock: true,
  run: deleteExpiredRegistrations,
}
