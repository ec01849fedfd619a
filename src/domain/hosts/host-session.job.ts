import { longestLifetimes } from '#domain/policies/evaluation/session-rules.service.ts'
import type { Job } from '#foundation/job.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { clampHostCodes, deleteExpiredHostSessions } from './host-session.service.ts'

export const hostSessionJob: Job = {
  name: 'expired-host-sessions',
  every: minutes(10),
  needsSteadyClock: true,
  clamp: clampHostCodes,
  run: async (ctx) => deleteExpiredHostSessions(ctx, await longestLifetimes(ctx)),
}
