// Queues mails: a mail is stored in the transaction of the change that it is about, and sent by a job after the commit.
import type { InTransaction, With } from '#foundation/context.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import type { MailTemplate } from './mail-template.ts'
import { insertMail } from './outbox.queries.ts'
import { MAIL_LIFETIME, messageIdOf } from './outbox.ts'

export interface NewMail {
  readonly template: MailTemplate
  /** One email address. */
  readonly recipient: string
  /** The user whom the mail is about; null where there is none. */
  readonly subject: string | null
  /** The language of the recipient as a tag (BCP 47), English where there are no texts in it; null for that of the server. */
  readonly locale: string | null
  /** The facts that the template names, and `name`, by which the recipient is greeted. */
  readonly facts: Readonly<Record<string, string>>
  /** The link on the button: the public URL, the path, a slash and the token, as in `/invitation/dwl_…`. */
  readonly link?: {
    readonly id: string
    /** Such as `/invitation`. */
    readonly path: string
    readonly token: Secret
    readonly expiresAt: Instant
  }
}

/** Whether mail is on. Where it is off, nothing is queued, and pages must not offer what needs a mail. */
export function isMailOn({ mail }: With<'config'>['config']): boolean {
  return mail !== null
}

/**
 * Queues a mail and returns its id. Returns null and stores nothing where mail is off. The token of its link is sealed for this row. A mail
 * whose link has expired is not sent.
 */
export async function queueMail(
  ctx: InTransaction<With<'db' | 'now' | 'newId' | 'keyring' | 'config'>>,
  { template, recipient, subject, locale, facts, link }: NewMail,
): Promise<string | null> {
  if (!isMailOn(ctx.config)) return null
  const id = ctx.newId()
  await insertMail(ctx.db, {
    id,
    template,
    recipient,
    subject,
    locale,
    facts: JSON.stringify(facts),
    link_id: link?.id ?? null,
    link_path: link?.path ?? null,
    sealed_link_token: link ? ctx.keyring.seal(Buffer.from(link.token.reveal()), sealedFor(id)) : null,
    message_id: messageIdOf(id, ctx.config.publicUrl),
    state: 'queued',
    attempts: 0,
    next_attempt_at: ctx.now,
    created_at: ctx.now,
    expires_at: link?.expiresAt ?? ctx.now + MAIL_LIFETIME,
  })
  return id
}

/** What the token in a row is sealed for: moved to another row, it does not open. */
export function sealedFor(id: string): { readonly subject: string; readonly factorId: string } {
  return { subject: 'outbox', factorId: id }
}
