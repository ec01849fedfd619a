import type { Job } from '../../foundation/job.ts'
import { seconds } from '../../foundation/kernel/time.ts'
import { newMailer } from '../../foundation/platform/mailer/mailer.ts'
import type { Mailer } from '../../foundation/platform/mailer/mailer.ts'
import { deliverMails } from './delivery.service.ts'
import { ATTEMPT_DEADLINE } from './outbox.ts'

/** Runs on each node without a lease: each mail has its own. One that was just queued is sent within this time. */
export function mailDeliveryJob(): Job {
  let mailer: Mailer | undefined
  let owner: string | undefined
  return {
    name: 'mail-delivery',
    every: seconds(1),
    onEveryNode: true,
    async run(ctx, signal) {
      const { mail } = ctx.config
      if (mail === null) return
      owner ??= ctx.newId()
      mailer ??= newMailer(mail, ATTEMPT_DEADLINE)
      await deliverMails(ctx, { mailer, owner }, signal)
      if (signal.aborted) await mailer.close()
    },
  }
}
