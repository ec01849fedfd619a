import type { Job } from '#foundation/job.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { giveExpiryNotices } from './expiry-notice.service.ts'

export const expiryNoticeJob: Job = {
  name: 'expiry-notices',
  every: minutes(10),
  // A clock that is ahead would notify users of ends that are far away.
  needsSteadyClock: true,
  run: giveExpiryNotices,
}
