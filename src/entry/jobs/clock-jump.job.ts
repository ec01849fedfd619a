import type { Job } from '#foundation/job.ts'
import { days, minutes } from '#foundation/kernel/time.ts'
import { deleteClockJumps } from '#foundation/platform/database/clock-jumps.ts'

const KEPT = days(30)

export const clockJumpJob: Job = {
  name: 'old-clock-jumps',
  every: minutes(10),
  needsSteadyClock: true,
  run: ({ db, now }) => deleteClockJumps(db, now - KEPT),
}
