// Mails in the outbox of a server whose own mail may be off.
import { issueLink } from '#domain/links/link.service.ts'
import { type NewMail, queueMail } from '#domain/mail/mail.service.ts'
import { type Context, inTransaction } from '#foundation/context.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import { type Duration, minutes } from '#foundation/kernel/time.ts'

const MAIL = { host: 'localhost', port: 25, tls: 'none', user: null, password: null, from: 'a@example.org' } as const

/** Queues a test mail to ada@example.org, or what `changed` says; returns its id. */
export async function queueTestMail(ctx: Context, changed: Partial<NewMail> = {}): Promise<string> {
  const on = { ...ctx, config: { ...ctx.config, mail: ctx.config.mail ?? MAIL } }
  const mail = { template: 'test', recipient: 'ada@example.org', subject: null, locale: 'en', facts: {} } as const
  return String(await inTransaction(on, (tx) => queueMail(tx, { ...mail, ...changed })))
}

/** Queues a mail with the link of an invitation that lives for half an hour; returns its id and the token of the link. */
export async function queueMailWithLink(
  ctx: Context,
  subject: string,
  { lifetime = minutes(30), ...changed }: Partial<NewMail> & { readonly lifetime?: Duration } = {},
): Promise<{ readonly id: string; readonly token: Secret }> {
  const { link, token } = await issueLink(ctx, { purpose: 'invitation', subject, epoch: 0, lifetime })
  const { id: linkId, expiresAt } = link
  const mail = { subject, link: { id: linkId, path: '/invitation', token, expiresAt }, ...changed }
  return { id: await queueTestMail(ctx, mail), token }
}

/** Queues a mail whose template only a newer version knows; returns its id. */
export async function queueMailOfNewerVersion(ctx: Context): Promise<string> {
  const id = await queueTestMail(ctx)
  await ctx.db.updateTable('outbox').set({ template: 'newer' }).where('id', '=', id).execute()
  return id
}
