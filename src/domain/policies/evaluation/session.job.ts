// This job is here and not in sessions/, because it needs the lifetimes of this layer, which sessions/ may not import.
import { clampSessionTimes, deleteExpiredSessions } from '#domain/sessions/session.service.ts'
import type { Job } from '#foundation/job.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { longestLifetimes } from './session-rules.service.ts'

export const sessionJob: Job = {
  name: 'expired-sessions',
  every: minutes(10),
  needsSteadyClock: true,
  clamp: clampSessionTimes,
  run: async (ctx) => deleteExpiredSessions(ctx, await longestLifetimes(ctx)),
}
