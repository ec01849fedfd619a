// What admins do with mails; each change is authorized again.
import type { EventAction } from '#domain/audit/event.ts'
import { auditedChange, type ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { isMailTemplate } from '#domain/mail/mail-template.ts'
import { maskedLink, type Message, messageOf } from '#domain/mail/message.service.ts'
import {
  dropMail,
  type MailsToRetry,
  mailsToRetry,
  readMail,
  retryMail,
  retryMails,
} from '#domain/mail/outbox.service.ts'
import { OPEN_STATES, type OpenState, type QueuedMail } from '#domain/mail/outbox.ts'
import { mayManage } from '#domain/roles/role.ts'
import { findUser } from '#domain/users/user.service.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import { permissionsOf } from '#foundation/kernel/principal.ts'
import { requireMayManage } from '../access/role-grant.service.ts'

/** Sends a mail at once that waits or was refused. Throws `mail.not_found`, `mail.ended` and `role.beyond_own`. */
export function sendMailAgain(ctx: ChangeDeps, id: string): Promise<QueuedMail> {
  return change(ctx, { id, action: 'mail.retried' }, retryMail)
}

/** Ends a mail without sending it. Throws `mail.not_found`, `mail.ended`, `role.beyond_own` and, except for the operator, `mail.warns`. */
export function dropQueuedMail(ctx: ChangeDeps, id: string): Promise<QueuedMail> {
  return change(ctx, { id, action: 'mail.dropped' }, dropMail)
}

// A mail with a link to an account is a way into it, so an admin who may not act on its user may not take it away.
function change(
  ctx: ChangeDeps,
  { id, action }: { readonly id: string; readonly action: EventAction },
  work: (tx: InTransaction<ChangeDeps>, id: string) => Promise<QueuedMail>,
): Promise<QueuedMail> {
  return auditedChange(ctx, { action }, async (tx) => {
    const { subject } = await readMail(tx, id)
    const user = subject === null ? undefined : await findUser(tx, subject)
    if (user !== undefined) requireMayManage(tx.principal, user.rolePermissions)
    return work(tx, id)
  })
}

export interface SentAgain {
  readonly retried: number
  /** Mails about users whom the principal may not manage. */
  readonly skipped: number
}

/** How many mails one transaction makes due: it looks up the user of each. */
const BATCH = 100

/** Sends all mails at once that wait or were refused, or those of one state, in batches. Mails about users beyond the principal's own permissions are skipped. */
export async function sendMailsAgain(ctx: ChangeDeps, state?: OpenState): Promise<SentAgain> {
  let [retried, skipped] = [0, 0]
  for (const one of state === undefined ? OPEN_STATES : [state]) {
    for (let after: string | undefined = ''; after !== undefined;) {
      const batch: Batch = await sendBatch(ctx, { state: one, after, limit: BATCH })
      retried += batch.retried
      skipped += batch.skipped
      after = batch.last
    }
  }
  return { retried, skipped }
}

/** `last`: the id of its last mail; undefined for the last batch. */
type Batch = SentAgain & { readonly last: string | undefined }

async function sendBatch(ctx: ChangeDeps, wanted: MailsToRetry): Promise<Batch> {
  return auditedChange(ctx, { action: 'mail.all_retried' }, async (tx) => {
    const mails = await mailsToRetry(tx, wanted)
    const forbidden = await beyondOwn(tx, new Set(mails.map(({ subject }) => subject)))
    const ids = mails.filter(({ subject }) => !forbidden.has(subject)).map(({ id }) => id)
    const retried = await retryMails(tx, wanted.state, ids)
    const last = mails.length < wanted.limit ? undefined : mails.at(-1)?.id
    return { retried, skipped: mails.length - ids.length, last }
  })
}

/** Those of the users whom the principal may not manage. */
async function beyondOwn(tx: ChangeDeps, subjects: ReadonlySet<string | null>): Promise<ReadonlySet<string | null>> {
  const beyond = new Set<string | null>()
  for (const subject of subjects) {
    const user = subject === null ? undefined : await findUser(tx, subject)
    if (user !== undefined && !mayManage(permissionsOf(tx.principal), user.rolePermissions)) beyond.add(subject)
  }
  return beyond
}

/** The message of a mail as its recipient reads it, with its link masked; null for a mail of a newer version. */
export function previewOf(ctx: With<'config'>, mail: QueuedMail): Message | null {
  const { template } = mail
  if (!isMailTemplate(template)) return null
  return messageOf(ctx, { ...mail, template }, maskedLink(ctx, mail))
}
