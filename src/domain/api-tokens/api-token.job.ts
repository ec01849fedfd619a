import type { Job } from '#foundation/job.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { deleteExpiredApiTokens } from './api-token.service.ts'

export const apiTokenJob: Job = {
  name: 'expired-api-tokens',
  every: minutes(10),
  needsSteadyClock: true,
  run: deleteExpiredApiTokens,
}
