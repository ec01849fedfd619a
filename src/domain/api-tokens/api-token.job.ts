import { deleteExpiredApiTokens } from './api-token.service.ts'
import { minutes } from '../../foundation/kernel/time.ts'
import type { Job } from '../../foundation/job.ts'

export const apiTokenJob: Job = {
  name: 'expired-api-tokens',
  every: minutes(10),
  needsSteadyClock: true,
  run: deleteExpiredApiTokens,
}
