import type { Job } from '#foundation/job.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { notifyOfWaiting } from './registration-cleanup.service.ts'

export const waitingRegistrationsJob: Job = {
  name: 'waiting-registrations',
  every: minutes(10),
  run: notifyOfWaiting,
}
