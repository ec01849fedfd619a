import { deleteOldApprovals } from '#domain/approvals/approval.service.ts'
import type { Job } from '#foundation/job.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { carryOutAllReady } from './approval-decision.service.ts'

/** A clock that is ahead would cut waiting times short, so it waits for a steady one. */
export const approvalJob: Job = {
  name: 'approvals',
  every: minutes(10),
  needsSteadyClock: true,
  run: async (ctx, signal) => {
    await carryOutAllReady(ctx, signal)
    await deleteOldApprovals(ctx)
  },
}
