import type { Job } from '#foundation/job.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { clampGrants, deleteExpiredGrants } from './grant.service.ts'
import { deleteExpiredTokens } from './token.service.ts'

export const grantJob: Job = {
  name: 'expired-grants',
  every: minutes(10),
  needsSteadyClock: true,
  clamp: clampGrants,
  run: async (ctx) => {
    await deleteExpiredTokens(ctx)
    await deleteExpiredGrants(ctx)
  },
}
