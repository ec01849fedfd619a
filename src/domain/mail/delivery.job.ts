import type { Job } from '#foundation/job.ts'
import { seconds } from '#foundation/kernel/time.ts'
import { newDelivery } from './delivery.service.ts'
import { ATTEMPT_DEADLINE } from './outbox.ts'

/**
 * Runs on each node without a lease, since each mail has its own; a mail that was just queued is sent within `every`. A run starts the lanes
 * that are idle and does not wait for them: a server that hangs would keep the mails that are queued meanwhile.
 */
export function mailDeliveryJob(deadline = ATTEMPT_DEADLINE): Job {
  const delivery = newDelivery(deadline)
  return {
    name: 'mail-delivery',
    every: seconds(1),
    onEveryNode: true,
    needsAgreeingClock: true,
    run: (ctx, signal) => delivery.start(ctx, signal),
    settle: () => delivery.settle(),
  }
}
