// Notifies of a password that was reset where no second step protected the account.
import { queueMail } from '#domain/mail/mail.service.ts'
import { reachableAdmins } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import { toRfc3339 } from '#foundation/kernel/time.ts'

/**
 * Queues a mail to each other admin with a verified email: the mailbox alone is now enough to enrol a second factor. The user is notified
 * by the notice of the reset.
 */
export async function notifyOtherAdmins(
  ctx: InTransaction<With<'db' | 'now' | 'newId' | 'keyring' | 'config'>>,
  user: User,
): Promise<void> {
  const { subject, username } = user
  const factsFor = (reader: User) => ({
    name: reader.username,
    username,
    happened_at: toRfc3339(ctx.now),
    ...(reader.timeZone !== null && { time_zone: reader.timeZone }),
  })
  for (const admin of await reachableAdmins(ctx)) {
    if (admin.email === null || admin.subject === subject) continue
    const mail = { recipient: admin.email, subject, locale: admin.locale, facts: factsFor(admin) }
    await queueMail(ctx, { template: 'reset-without-second-step-of-another', ...mail })
  }
}
