import type { Job } from '#foundation/job.ts'
import { CLOCK_JUMPS_KEPT } from '#foundation/kernel/stated-limits.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { deleteClockJumps } from '#foundation/platform/database/clock-jumps.ts'

export const clockJumpJob: Job = {
  name: 'old-clock-jumps',
  every: minutes(10),
  needsSteadyClock: true,
  run: ({ db, now }) => deleteClockJumps(db, now - CLOCK_JUMPS_KEPT),
}
