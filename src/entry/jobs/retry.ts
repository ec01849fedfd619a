import type { Dependencies } from '../../foundation/context.ts'
import type { Job } from '../../foundation/job.ts'
import { seconds } from '../../foundation/kernel/time.ts'
import type { Duration } from '../../foundation/kernel/time.ts'

const FIRST_RETRY: Duration = seconds(1)

/**
 * How long to wait after `failures` consecutive failures: exponential backoff with full jitter, so that nodes that failed at the same time
 * do not retry at the same time. At most the interval of the job.
 * @param part a random number from 0 to 1
 */
export function retryDelay(
  { every, retry = FIRST_RETRY }: Pick<Job, 'every' | 'retry'>,
  failures: number,
  part: number,
): Duration {
  return Math.ceil(part * Math.min(every, retry * 2 ** (failures - 1)))
}

/** A random number from 0 to less than 1. */
export function randomPart(random: Dependencies['random']): number {
  const { buffer, byteOffset } = random(4)
  return new DataView(buffer, byteOffset).getUint32(0) / 2 ** 32
}
