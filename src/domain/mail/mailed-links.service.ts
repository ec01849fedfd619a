// Withdraws links that lead into an account or confirm an email, together with the mails that wait with them.
import { withdrawLinks } from '#domain/links/link.service.ts'
import type { LinkPurpose } from '#domain/links/link.ts'
import type { With } from '#foundation/context.ts'
import type { MailTemplate } from './mail-template.ts'
import { dropMailsOf } from './outbox.queries.ts'

/** The mails that bring a link of each purpose. */
const MAILS_WITH = {
  invitation: ['invitation', 'invitation-reminder'],
  'password-reset': ['password-reset', 'password-link'],
  enrolment: ['second-step-reset'],
  'email-confirmation': ['email-confirmation', 'email-confirmation-asked'],
} as const satisfies Partial<Record<LinkPurpose, readonly MailTemplate[]>>

export type MailedPurpose = keyof typeof MAILS_WITH

/** Every purpose, in one order: transactions that withdraw several lock rows alike. */
export const MAILED_PURPOSES = ['invitation', 'password-reset', 'enrolment', 'email-confirmation'] as const

/**
 * Withdraws a user's unused links of these purposes, and drops their mails that wait, with the tokens. Call it after the write of the user's row:
 * a job that queues such a mail locks that row, so its mail is found (write skew).
 */
export async function withdrawMailedLinks(
  ctx: With<'db' | 'now'>,
  subject: string,
  purposes: readonly MailedPurpose[],
): Promise<void> {
  for (const purpose of purposes) await withdrawLinks(ctx, { purpose, subject })
  await dropLinkMails(ctx, subject, purposes)
}

/** Drops a user's mails that wait with links of these purposes, and erases the tokens: the links lead nowhere any more. */
export function dropLinkMails(
  { db, now }: With<'db' | 'now'>,
  subject: string,
  purposes: readonly MailedPurpose[],
): Promise<void> {
  const templates = purposes.flatMap((purpose) => MAILS_WITH[purpose])
  return dropMailsOf(db, { templates, subject }, now)
}
