// Ends what was mailed to an email that is the user's no more.
import { findUnusedLink } from '#domain/links/link.service.ts'
import { linkStatus } from '#domain/links/link.ts'
import { MAILED_PURPOSES, withdrawMailedLinks } from '#domain/mail/mailed-links.service.ts'
import type { User } from '#domain/users/user.ts'
import type { With } from '#foundation/context.ts'
import { foldName } from '#foundation/kernel/fold.ts'

/** What is sent to an email that the user does not have yet, or no more. */
const OF_OTHER_EMAIL = ['password-reset', 'email-confirmation'] as const

/**
 * Ends the links that lead into the account or confirm an email, with their mails that wait, because the user's email has changed: the
 * former email may be a stranger's. An invitation that an admin was shown is ended too, since its page offers to mail it to that email.
 * The links of notices stay: they are meant against a thief who changes the email. Call it after the write of the user's row. Returns
 * whether an open invitation was among them.
 * @param before the user before the change
 * @param after the email after it; where it differs in the case of letters only, the same person reads it
 */
export async function endLinksOf(ctx: With<'db' | 'now'>, before: User, after: string | null): Promise<boolean> {
  const { subject, email } = before
  if (email === null || (after !== null && foldName(after) === foldName(email))) {
    await withdrawMailedLinks(ctx, subject, OF_OTHER_EMAIL)
    return false
  }
  const invitation = await findUnusedLink(ctx, 'invitation', before)
  await withdrawMailedLinks(ctx, subject, MAILED_PURPOSES)
  return invitation !== undefined && linkStatus(invitation, ctx.now) === 'live'
}
