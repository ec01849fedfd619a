import type { Job } from '#foundation/job.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { clampBucketTimes, deleteQuietBuckets } from './bucket-cleanup.service.ts'

export const bucketCleanupJob: Job = {
  name: 'quiet-throttle-buckets',
  every: minutes(10),
  needsSteadyClock: true,
  clamp: clampBucketTimes,
  run: deleteQuietBuckets,
}
