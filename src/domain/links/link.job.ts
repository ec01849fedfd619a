import { clampLinkTimes, deleteExpiredLinks } from './link.service.ts'
import { minutes } from '../../foundation/kernel/time.ts'
import type { Job } from '../../foundation/job.ts'

export const linkJob: Job = {
  name: 'expired-links',
  every: minutes(10),
  needsSteadyClock: true,
  clamp: clampLinkTimes,
  run: deleteExpiredLinks,
}
