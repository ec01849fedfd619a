import { clampChecks } from '#domain/grants/checked-session.service.ts'
import type { Job } from '#foundation/job.ts'
import { seconds } from '#foundation/kernel/time.ts'
import { endWhatTimeEnded } from './ended-by-time.service.ts'

/** What it finds is chained and sent within a second, so apps are notified within 30 seconds. */
export const endedByTimeJob: Job = {
  name: 'ended-by-time',
  every: seconds(20),
  // A clock that is ahead would end sessions that go on.
  needsSteadyClock: true,
  clamp: clampChecks,
  run: endWhatTimeEnded,
}
