// What admins do with mails; each change is authorized again.
import { recordRefusal } from '../../../domain/audit/audit.service.ts'
import type { EventAction } from '../../../domain/audit/event.ts'
import { inAuthorizedTransaction } from '../../../domain/authorization/authorization.service.ts'
import { isMailTemplate } from '../../../domain/mail/mail-template.ts'
import { maskedLink, messageOf } from '../../../domain/mail/message.service.ts'
import type { Message } from '../../../domain/mail/message.service.ts'
import type { QueuedMail } from '../../../domain/mail/outbox.ts'
import { dropMail, readMail, retryMail } from '../../../domain/mail/outbox.service.ts'
import { findUser } from '../../../domain/users/user.service.ts'
import type { With } from '../../../foundation/context.ts'
import type { ChangeDeps } from '../access/access.service.ts'
import { requireMayManage } from '../access/role-grant.service.ts'

/** Sends a mail at once that waits or was refused. Throws `mail.not_found`, `mail.ended` and `role.beyond_own`. */
export function sendMailAgain(ctx: ChangeDeps, id: string): Promise<QueuedMail> {
  return change(ctx, { id, action: 'mail.retried' }, retryMail)
}

/** Ends a mail without sending it. Throws `mail.not_found`, `mail.ended`, `role.beyond_own` and, except for the operator, `mail.warns`. */
export function dropQueuedMail(ctx: ChangeDeps, id: string): Promise<QueuedMail> {
  return change(ctx, { id, action: 'mail.dropped' }, dropMail)
}

// A mail with a link to an account is a way into it, so whoever may not act on its user may not take it away.
function change(
  ctx: ChangeDeps,
  { id, action }: { readonly id: string; readonly action: EventAction },
  work: (tx: ChangeDeps, id: string) => Promise<QueuedMail>,
): Promise<QueuedMail> {
  const once = async (tx: ChangeDeps): Promise<QueuedMail> => {
    const { subject } = await readMail(tx, id)
    const user = subject === null ? undefined : await findUser(tx, subject)
    if (user !== undefined) requireMayManage(tx.principal, user.rolePermissions)
    return work(tx, id)
  }
  return inAuthorizedTransaction(ctx, once, { lock: 'share' }).catch(async (error: unknown) => {
    throw await recordRefusal(ctx, { action }, error)
  })
}

/** The message of a mail as its recipient reads it, with its link masked; null for a mail of a newer version. */
export function previewOf(ctx: With<'config'>, mail: QueuedMail): Message | null {
  const { template } = mail
  if (!isMailTemplate(template)) return null
  return messageOf(ctx, { ...mail, template }, maskedLink(ctx, mail))
}
