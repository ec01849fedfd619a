// Asks for the mail of a forgotten password. Every name gets the same answer after the same statements (enumeration).
import { recordEvent } from '#domain/audit/audit.service.ts'
import { isMailOn } from '#domain/mail/mail.service.ts'
import { queueRequestedPasswordLink } from '#domain/mail/password-link.service.ts'
import { countMail, mailBucket } from '#domain/throttle/mail-limit.service.ts'
import { consumeGuess, type Guess, recordFailure, refusing } from '#domain/throttle/throttle.service.ts'
import { whyShutOut } from '#domain/users/account-expiry.service.ts'
import type { User } from '#domain/users/user.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { inSavepoint } from '#foundation/platform/database/transaction.ts'
import { completeExternalRow, findUserByLogin } from '#use-cases/sign-in/credentials.service.ts'
import { type NoMail, reasonForNoMail } from './password-reset.ts'

type Deps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config' | 'limits'>

/** Rolls back the savepoint of a mail that must not be sent. */
class NotSent extends Error {}

/**
 * Queues a mail with a link that sets a new password, if the name belongs to a user who can sign in, with a verified email who has had
 * fewer than three within the hour. Returns nothing in any case: the audit log alone says whether a mail was queued. Each request counts in
 * its network, whatever the name. Throws `password_reset.off` without mail, and `throttle.blocked` for the network.
 */
export async function requestPasswordReset(ctx: Deps, login: string): Promise<void> {
  if (!isMailOn(ctx.config)) throw new Refusal('password_reset.off')
  const guess: Guess = { network: ctx.principal.source.network, buckets: [] }
  const found = await findUserByLogin(ctx, login, { orByEmail: true })
  await consumeGuess(ctx, guess)
  const user = await completeExternalRow(ctx, found)
  await refusing(ctx, guess, async (tx) => {
    const isWithinLimit = await countMail(tx, mailBucket(tx, login, user?.subject))
    const shutOut = user && (await whyShutOut(tx, user))
    const reason = reasonForNoMail(user, shutOut) ?? (isWithinLimit ? undefined : 'mail_limit')
    await queueOrRollBack(tx, login, user, reason)
    await recordEvent(tx, {
      action: 'password_reset.requested',
      actor: null,
      target: user?.subject ?? null,
      result: reason === undefined ? 'done' : 'refused',
      reason: reason ?? null,
    })
    await recordFailure(tx, guess)
  })
}

/** Runs the statements of a queued mail in each case; where there is a reason against it, they are rolled back (response time). */
async function queueOrRollBack(
  tx: InTransaction<Deps>,
  login: string,
  user: User | undefined,
  reason: NoMail | 'mail_limit' | undefined,
): Promise<void> {
  const queued = inSavepoint(tx.db, async () => {
    await queueRequestedPasswordLink(tx, login, user)
    if (reason !== undefined) throw new NotSent()
  })
  await queued.catch((error: unknown) => {
    if (!(error instanceof NotSent)) throw error
  })
}
