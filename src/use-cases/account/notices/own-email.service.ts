// The user’s own email: what waits for its confirmation, and asking for one.
import { auditedChange } from '#domain/authorization/audited-change.service.ts'
import { isMailOn } from '#domain/mail/mail.service.ts'
import { changeEmail, pendingEmail, withdrawPendingEmail } from '#domain/notices/email-change.service.ts'
import type { EmailChange } from '#domain/notices/email-change.ts'
import { guessAtName } from '#domain/throttle/guess.service.ts'
import { consumeGuess, recordFailure, refundGuess, refusing } from '#domain/throttle/throttle.service.ts'
import type { With, WithSession } from '#foundation/context.ts'
import { isRouted } from '#foundation/kernel/mailable.ts'
import type { PrincipalUser } from '#foundation/kernel/principal.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { withOwnAccount } from '../own-account/own-account.service.ts'

type Deps = WithSession<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config' | 'limits'>

/** Returns the user's change of email that waits for its confirmation; undefined if there is none. */
export function ownPendingEmail(ctx: WithSession<'db' | 'now'>): Promise<EmailChange | undefined> {
  return pendingEmail(ctx, ctx.principal.user)
}

/**
 * Whether a mail can verify the current email. A stored one that mail servers route elsewhere stays unverified: its reader need not belong
 * to the domain that it names.
 */
export function isVerifiable(
  { config }: With<'config'>,
  { email, emailVerifiedAt }: Pick<PrincipalUser, 'email' | 'emailVerifiedAt'>,
): boolean {
  return isMailOn(config) && email !== null && emailVerifiedAt === null && !isRouted(email)
}

/**
 * Mails a link that verifies the user's current email. Each mail counts as a guess at names, so that a session cannot send any number of
 * them. Throws `email.nothing_to_verify`, `throttle.blocked`.
 */
export async function verifyOwnEmail(ctx: Deps): Promise<void> {
  const guess = { ...guessAtName(ctx), network: null }
  await consumeGuess(ctx, guess)
  try {
    await withOwnAccount(ctx, 'email.confirmation_sent', async (tx, user) => {
      const { email } = user
      if (email === null || !isVerifiable(tx, user)) throw new Refusal('email.nothing_to_verify')
      await changeEmail(tx, user, email)
    })
  } catch (error) {
    await refundGuess(ctx, guess)
    throw error
  }
  await refusing(ctx, guess, (tx) => recordFailure(tx, guess))
}

/** Discards the change of email that waits for its confirmation; its link ends. Idempotent. */
export function discardOwnEmail(ctx: Deps): Promise<void> {
  return auditedChange(ctx, { lock: 'none' }, (tx) => withdrawPendingEmail(tx, tx.principal.user))
}
