import type { Job } from '#foundation/job.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { clampLinkTimes, deleteExpiredLinks } from './link.service.ts'

export const linkJob: Job = {
  name: 'expired-links',
  every: minutes(10),
  needsSteadyClock: true,
  clamp: clampLinkTimes,
  run: deleteExpiredLinks,
}
