// What the jobs of registrations do: delete what has expired, and notify admins of those that wait.
import { recordEvent } from '#domain/audit/audit.service.ts'
import { queueMail } from '#domain/mail/mail.service.ts'
import { reachableAdmins } from '#domain/users/user.service.ts'
import { inTransaction, type With } from '#foundation/context.ts'
import { NOTIFIED_EVERY } from '#foundation/kernel/stated-limits.ts'
import * as queries from './registration.queries.ts'
import { countWaitingRegistrations } from './registration.service.ts'
import { deleteSpentChallenges } from './spent-challenge.queries.ts'

type Deps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>

/** Registrations of one transaction, each with its event. */
const BATCH = 100

/** Deletes what has expired. A registration that waited until then is recorded, and erased as if it was declined. */
export async function deleteExpiredRegistrations(ctx: Deps): Promise<void> {
  for (;;) {
    const ids = await queries.selectUndecided(ctx.db, ctx.now, BATCH)
    await inTransaction(ctx, async (tx) => {
      for (const id of ids) {
        const ended = await queries.updateToEnded(tx.db, id, 'waiting', tx.now + NOTIFIED_EVERY)
        if (ended) await recordEvent(tx, { action: 'registration.expired', details: { registration: id } })
      }
    })
    if (ids.length < BATCH) break
  }
  await queries.deleteExpiredRegistrationRows(ctx.db, ctx.now)
  await deleteSpentChallenges(ctx.db, ctx.now)
}

/** Queues a mail to each admin if there are registrations that none was notified of, at most once in `NOTIFIED_EVERY`. */
export function notifyOfWaiting(ctx: Deps): Promise<void> {
  return inTransaction(ctx, async (tx) => {
    if (await queries.wasNotifiedAfter(tx.db, tx.now - NOTIFIED_EVERY)) return
    if ((await queries.updateNotified(tx.db, tx.now)) === 0) return
    const count = String(await countWaitingRegistrations(tx))
    for (const { subject, email: recipient, locale, username: name } of await reachableAdmins(tx))
      await queueMail(tx, { template: 'registrations-waiting', recipient, subject, locale, facts: { count, name } })
  })
}
