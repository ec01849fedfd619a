import { recountUsers } from './user-count.service.ts'
import { minutes } from '../../foundation/kernel/time.ts'
import type { Job } from '../../foundation/job.ts'

export const userCountJob: Job = {
  name: 'user-counts',
  every: minutes(10),
  run: recountUsers,
}
