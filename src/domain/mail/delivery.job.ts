import type { Job } from '../../foundation/job.ts'
import { seconds } from '../../foundation/kernel/time.ts'
import type { Duration } from '../../foundation/kernel/time.ts'
import { newMailer } from '../../foundation/platform/mailer/mailer.ts'
import type { Mailer } from '../../foundation/platform/mailer/mailer.ts'
import { deliverMails } from './delivery.service.ts'
import { ATTEMPT_DEADLINE } from './outbox.ts'

/** How long a stopping server waits for mails that it is sending. */
const GRACE = seconds(5)

/** Runs on each node without a lease, since each mail has its own; a mail that was just queued is sent within `every`. */
export const mailDeliveryJob: Job = {
  name: 'mail-delivery',
  every: seconds(1),
  onEveryNode: true,
  async run(ctx, signal) {
    const { mail } = ctx.config
    if (mail === null || signal.aborted) return
    let opened: Promise<Mailer> | undefined
    const mailer = (): Promise<Mailer> => (opened ??= newMailer(mail, ATTEMPT_DEADLINE))
    const close = async (grace?: Duration): Promise<void> => (await opened)?.close(grace)
    const stop = (): void => void close(GRACE)
    signal.addEventListener('abort', stop)
    try {
      await deliverMails(ctx, { mailer, owner: ctx.newId() }, signal)
    } finally {
      signal.removeEventListener('abort', stop)
      await close()
    }
  },
}
