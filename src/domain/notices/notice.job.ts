import type { Job } from '#foundation/job.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { deleteEndedEmailChanges } from './email-change.service.ts'
import { deleteExpiredNotices } from './notice.service.ts'

export const noticeJob: Job = {
  name: 'expired-notices',
  every: minutes(10),
  needsSteadyClock: true,
  async run(ctx) {
    await deleteExpiredNotices(ctx)
    await deleteEndedEmailChanges(ctx)
  },
}
