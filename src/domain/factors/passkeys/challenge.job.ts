import { clampChallengeTimes, deleteExpiredChallenges } from './challenge.service.ts'
import { minutes } from '../../../foundation/kernel/time.ts'
import type { Job } from '../../../foundation/job.ts'

export const challengeJob: Job = {
  name: 'expired-passkey-challenges',
  every: minutes(10),
  needsSteadyClock: true,
  clamp: clampChallengeTimes,
  run: deleteExpiredChallenges,
}
