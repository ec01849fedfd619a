// Reminds invited users who have not come, once, before the mailed link expires, and with a link that replaces it.
import { setImmediate as nextTurn } from 'node:timers/promises'

import { auditedChange, type ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { findLinkById, replaceLink } from '#domain/links/link.service.ts'
import type { Link } from '#domain/links/link.ts'
import { isMailOn } from '#domain/mail/mail.service.ts'
import { dropLinkMails } from '#domain/mail/mailed-links.service.ts'
import { isExpired } from '#domain/users/account-expiry.ts'
import { findUser, lockUserById } from '#domain/users/user.service.ts'
import { foldName, type User } from '#domain/users/user.ts'
import type { InTransaction } from '#foundation/context.ts'
import { type Instant, toRfc3339 } from '#foundation/kernel/time.ts'
import { recordAbout } from '../access/access.service.ts'
import { queueInvitation } from './invitation.service.ts'
import { isReminderDue, LONGEST_LEAD } from './invitation.ts'
import { type LinkPosition, selectUnusedMailedLinks, type UnusedLink } from './invitations.view.ts'

/** Links in one transaction, which on SQLite blocks all other writers. */
const BATCH = 50

/**
 * Sends every reminder that is due. The link is replaced in the transaction that queues the mail, so each is sent once, also after a crash
 * and from several nodes. A request of the two-person rule has admitted the first link; the second goes to the same email and expires
 * with it, so it needs none. Ends early when the signal is aborted.
 */
export async function remindInvited(ctx: ChangeDeps, signal: AbortSignal): Promise<void> {
  // Without mail a reminder stays due: mail may be turned on in time.
  if (!isMailOn(ctx.config)) return
  const window = { from: ctx.now, until: ctx.now + LONGEST_LEAD, limit: BATCH }
  let after: LinkPosition | null = null
  do {
    const links: readonly UnusedLink[] = await selectUnusedMailedLinks(ctx.db, { ...window, after })
    const due = links.filter((link) => isReminderDue(link, ctx.now))
    if (due.length > 0)
      await auditedChange(ctx, {}, async (tx) => {
        for (const link of due) await remindBy(tx, link)
      })
    after = links.length < BATCH ? null : (links.at(-1) ?? null)
    await nextTurn()
  } while (after !== null && !signal.aborted)
}

async function remindBy(tx: InTransaction<ChangeDeps>, { id, locale }: UnusedLink): Promise<void> {
  const link = await findLinkById(tx, id)
  const found = typeof link?.subject === 'string' ? await findUser(tx, link.subject) : undefined
  // An admin who invites the user again locks the row too, so that one link is left, whichever transaction is first.
  const user = found && (await lockUserById(tx, found.id))
  if (link === undefined || user === undefined || !opensAccount(link, user, tx.now)) return
  const issued = await replaceLink(tx, link)
  if (issued === undefined) return
  await dropLinkMails(tx, user.subject, ['invitation'])
  const inviter = link.createdBy === null ? undefined : await findUser(tx, link.createdBy)
  await queueInvitation(tx, user, issued, { template: 'invitation-reminder', inviter, locale })
  await recordAbout(tx, user, 'invitation.reminded', { expires_at: toRfc3339(issued.link.expiresAt) })
}

/** Whether the link still leads its user in, its email is still the user's, and no other person has seen it. */
function opensAccount({ epoch, mailedTo }: Link, user: User, now: Instant): boolean {
  if (user.disabled || isExpired(user, now)) return false
  if (user.secondFactorAt !== null || user.credentialEpoch !== epoch) return false
  return user.email !== null && mailedTo !== null && foldName(user.email) === foldName(mailedTo)
}
