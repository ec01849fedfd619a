// What admins do with mails; each change is authorized again.
import { recordRefusal } from '../../../domain/audit/audit.service.ts'
import type { EventAction } from '../../../domain/audit/event.ts'
import { inAuthorizedTransaction } from '../../../domain/authorization/authorization.service.ts'
import { isMailTemplate } from '../../../domain/mail/mail-template.ts'
import { maskedLink, messageOf } from '../../../domain/mail/message.service.ts'
import type { Message } from '../../../domain/mail/message.service.ts'
import type { QueuedMail } from '../../../domain/mail/outbox.ts'
import { dropMail, retryMail } from '../../../domain/mail/outbox.service.ts'
import type { With } from '../../../foundation/context.ts'
import type { ChangeDeps } from '../access/access.service.ts'

/** Sends a mail at once that waits or was refused. Throws `mail.not_found` and `mail.ended`. */
export function sendMailAgain(ctx: ChangeDeps, id: string): Promise<QueuedMail> {
  return change(ctx, 'mail.retried', (tx) => retryMail(tx, id))
}

/** Ends a mail without sending it. Throws `mail.not_found`, `mail.ended` and, except for the operator, `mail.warns`. */
export function dropQueuedMail(ctx: ChangeDeps, id: string): Promise<QueuedMail> {
  return change(ctx, 'mail.dropped', (tx) => dropMail(tx, id))
}

function change(
  ctx: ChangeDeps,
  action: EventAction,
  work: (tx: ChangeDeps) => Promise<QueuedMail>,
): Promise<QueuedMail> {
  return inAuthorizedTransaction(ctx, work, { lock: 'share' }).catch(async (error: unknown) => {
    throw await recordRefusal(ctx, { action }, error)
  })
}

/** The message of a mail as its recipient reads it, with its link masked; null for a mail of a newer version. */
export function previewOf(ctx: With<'config'>, mail: QueuedMail): Message | null {
  const { template } = mail
  if (!isMailTemplate(template)) return null
  return messageOf(ctx, { ...mail, template }, maskedLink(ctx, mail))
}
