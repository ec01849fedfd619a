// Notifies users before their account ends, and the admins when it has. The end itself needs no job: it is checked at each access.
import { setImmediate as nextTurn } from 'node:timers/promises'

import { recordEvent } from '#domain/audit/audit.service.ts'
import { isMailOn, queueMail } from '#domain/mail/mail.service.ts'
import {
  type ExpiryPosition,
  isShutOut,
  markNoticeGiven,
  usersDueForNotice,
} from '#domain/users/account-expiry.service.ts'
import { EXPIRY_NOTICES, type ExpiryStage } from '#domain/users/account-expiry.ts'
import { reachableAdmins } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import { type InTransaction, inTransaction, type With } from '#foundation/context.ts'
import { type Instant, toRfc3339 } from '#foundation/kernel/time.ts'

type Deps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>

/** Users in one transaction, which on SQLite blocks all other writers. */
const BATCH = 50

/** Long before every end that a program has written. */
const EVER: Instant = -1

/**
 * Gives every notice that is due, each at most once: its mark and its mail are written in one transaction. Of several that were missed
 * while no job ran, a user gets the last one. Ends early when the signal is aborted.
 */
export async function giveExpiryNotices(ctx: Deps, signal: AbortSignal): Promise<void> {
  for (const [at, { stage, before }] of EXPIRY_NOTICES.entries()) {
    // Without mail no user can be notified before the end. Such a notice stays due: mail may be turned on in time.
    if (stage !== 3 && !isMailOn(ctx.config)) continue
    const next = EXPIRY_NOTICES[at + 1]
    const from = next === undefined ? EVER : ctx.now + next.before
    await giveStage(ctx, stage, { from, until: ctx.now + before }, signal)
  }
}

async function giveStage(ctx: Deps, stage: ExpiryStage, ends: Ends, signal: AbortSignal): Promise<void> {
  // A batch begins after the last user of the one before, so that a user who is left out starves no other.
  let after: ExpiryPosition | null = null
  do {
    if (signal.aborted) return
    after = await giveBatch(ctx, stage, { ...ends, after })
    await nextTurn()
  } while (after !== null)
}

/** The accounts that a stage is about: those that end after `from`, and at `until` at the latest. */
interface Ends {
  readonly from: Instant
  readonly until: Instant
}

interface Window extends Ends {
  readonly after: ExpiryPosition | null
}

/** Gives the notices of one batch; returns its last user, or null if there are no more. */
function giveBatch(ctx: Deps, stage: ExpiryStage, window: Window): Promise<ExpiryPosition | null> {
  return inTransaction(ctx, async (tx) => {
    const users = await usersDueForNotice(tx, { ...window, stage, limit: BATCH })
    const notified: User[] = []
    for (const user of users) if (await giveNotice(tx, stage, user)) notified.push(user)
    if (stage === 3) await notifyAdmins(tx, notified)
    const last = users.at(-1)
    if (last === undefined || last.expiresAt === null || users.length < BATCH) return null
    return { end: last.expiresAt, id: last.id }
  })
}

/** Returns whether this call has given the notice. */
async function giveNotice(tx: InTransaction<Deps>, stage: ExpiryStage, user: User): Promise<boolean> {
  const { id, subject, username, expiresAt: end } = user
  if (end === null) return false
  // The last admin stays, so there is nothing to notify of until another one is there.
  if (stage === 3 && !(await isShutOut(tx, user))) return false
  if (!(await markNoticeGiven(tx, { id, end, stage }))) return false
  if (stage === 3) {
    const details = { username, expires_at: toRfc3339(end) }
    await recordEvent(tx, { action: 'user.expired', actor: null, target: subject, details })
  } else if (user.email !== null && !user.disabled) {
    await queueMail(tx, {
      template: 'account-expires',
      recipient: user.email,
      subject,
      locale: user.locale,
      facts: {
        name: username,
        account_expires_at: toRfc3339(end),
        ...(user.timeZone !== null && { time_zone: user.timeZone }),
      },
    })
  }
  return true
}

/** One mail to each admin about all users of a batch. */
async function notifyAdmins(tx: InTransaction<Deps>, expired: readonly User[]): Promise<void> {
  const usernames = expired.filter(({ disabled }) => !disabled).map(({ username }) => username)
  if (usernames.length === 0 || !isMailOn(tx.config)) return
  for (const admin of await reachableAdmins(tx)) {
    await queueMail(tx, {
      template: 'accounts-expired',
      recipient: admin.email,
      subject: admin.subject,
      locale: admin.locale,
      facts: { name: admin.username, count: String(usernames.length), usernames: usernames.join(', ') },
    })
  }
}
