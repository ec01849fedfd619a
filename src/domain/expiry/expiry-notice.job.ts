import type { Job } from '#foundation/job.ts'
import { seconds } from '#foundation/kernel/time.ts'
import { giveExpiryNotices } from './expiry-notice.service.ts'

export const expiryNoticeJob: Job = {
  name: 'expiry-notices',
  // Apps are notified of the end of an account within 30 seconds.
  every: seconds(20),
  // A clock that is ahead would notify users of ends that are far away.
  needsSteadyClock: true,
  run: giveExpiryNotices,
}
