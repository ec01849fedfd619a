// Sends the mails of the outbox: each attempt under a lease, the next one after a wait that doubles.
import type { JobContext } from '../../foundation/job.ts'
import { CLOCK_TOLERANCE } from '../../foundation/kernel/time.ts'
import type { Instant } from '../../foundation/kernel/time.ts'
import { MAIL_CONNECTIONS } from '../../foundation/platform/mailer/mailer.ts'
import type { Mailer, SendResult } from '../../foundation/platform/mailer/mailer.ts'
import { isMailTemplate } from './mail-template.ts'
import { linkOf, messageOf } from './message.service.ts'
import { ATTEMPT_DEADLINE, MAIL_KEPT, MAIL_LEASE, waitAfter } from './outbox.ts'
import type { QueuedMail } from './outbox.ts'
import { deleteEndedMailRows, endMail, expireMailRows, leaseMails, postponeMail } from './outbox.queries.ts'

export type DeliveryDeps = Pick<JobContext, 'db' | 'clock' | 'keyring' | 'config' | 'log'>

/** With what a node sends: its connections, and an id that no other node has. */
export interface Sender {
  /** Called with the first mail that is due. */
  readonly mailer: () => Promise<Mailer>
  readonly owner: string
}

/** Sends every mail that is due, until there is none or the signal is aborted; returns how many the server accepted. */
export async function deliverMails(deps: DeliveryDeps, sender: Sender, signal: AbortSignal): Promise<number> {
  let accepted = 0
  while (!signal.aborted) {
    const leasedAt = deps.clock.now()
    const mails = await leaseMails(deps.db, { owner: sender.owner, now: leasedAt, most: MAIL_CONNECTIONS })
    const results = await Promise.all(mails.map((mail) => deliver(deps, sender, mail, leasedAt)))
    accepted += results.filter(Boolean).length
    if (mails.length < MAIL_CONNECTIONS) return accepted
  }
  return accepted
}

/** What was sent is accepted, also where it was dropped or expired meanwhile. */
const NOT_ACCEPTED = ['queued', 'failed', 'dropped', 'expired'] as const

async function deliver(deps: DeliveryDeps, sender: Sender, mail: QueuedMail, leasedAt: Instant): Promise<boolean> {
  const { db, clock, log } = deps
  const { owner } = sender
  const { id, template } = mail
  const now = clock.now()
  if (now >= mail.expiresAt) {
    await endMail(db, id, { from: ['queued'], to: 'expired', now })
    return false
  }
  // The process may have stood still: another node may hold the lease before this attempt could end.
  if (now > leasedAt + MAIL_LEASE - ATTEMPT_DEADLINE - CLOCK_TOLERANCE) return false
  const result = await attempt(deps, sender, mail)
  const at = clock.now()
  if (result.kind === 'accepted') await endMail(db, id, { from: NOT_ACCEPTED, to: 'accepted', now: at })
  else if (result.kind === 'refused')
    await endMail(db, id, { from: ['queued'], to: 'failed', now: at, error: result.error })
  else await postponeMail(db, { id, owner }, { nextAttemptAt: at + waitAfter(mail.attempts), error: result.error })
  if (result.kind !== 'accepted') log.warn({ mail: id, template, attempts: mail.attempts }, 'a mail was not accepted')
  return result.kind === 'accepted'
}

async function attempt(deps: DeliveryDeps, { mailer }: Sender, mail: QueuedMail): Promise<SendResult> {
  const { template, recipient, messageId, createdAt } = mail
  if (!isMailTemplate(template)) return { kind: 'failed', error: 'This version does not know the template.' }
  try {
    const message = messageOf(deps, { ...mail, template }, linkOf(deps, mail))
    const { instanceName: fromName } = deps.config
    return await (await mailer()).send({ ...message, fromName, recipient, messageId, date: new Date(createdAt) })
  } catch (error) {
    deps.log.error({ err: error, mail: mail.id }, 'a mail could not be made')
    return { kind: 'failed', error: 'The mail could not be made. The log says why.' }
  }
}

/** Ends mails that were not sent in time, with their tokens, and deletes mails that ended long ago. */
export async function expireMails({ db, now }: Pick<JobContext, 'db' | 'now'>): Promise<void> {
  await expireMailRows(db, now)
  await deleteEndedMailRows(db, now - MAIL_KEPT)
}
