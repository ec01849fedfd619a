// This job is here and not in sessions/, because it needs the lifetimes of this layer, which sessions/ may not import.
import { noteSessionCount } from '#domain/sessions/session-count.service.ts'
import type { Job } from '#foundation/job.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { longestLifetimes } from './session-rules.service.ts'

export const sessionCountJob: Job = {
  name: 'session-counts',
  every: minutes(10),
  needsSteadyClock: true,
  run: async (ctx) => noteSessionCount(ctx, await longestLifetimes(ctx)),
}
