import type { Job } from '#foundation/job.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { recountUsers } from './user-count.service.ts'

export const userCountJob: Job = {
  name: 'user-counts',
  every: minutes(10),
  run: recountUsers,
}
