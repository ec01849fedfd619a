import type { Job } from '#foundation/job.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { clampChallengeTimes, deleteExpiredChallenges } from './challenge.service.ts'

export const challengeJob: Job = {
  name: 'expired-passkey-challenges',
  every: minutes(10),
  needsSteadyClock: true,
  clamp: clampChallengeTimes,
  run: deleteExpiredChallenges,
}
