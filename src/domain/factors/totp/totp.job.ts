import type { Job } from '#foundation/job.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { clampTotpTimes, deleteUnfinishedEnrolments } from './totp.service.ts'

export const totpJob: Job = {
  name: 'unfinished-enrolments',
  every: minutes(10),
  needsSteadyClock: true,
  clamp: clampTotpTimes,
  run: deleteUnfinishedEnrolments,
}
