// Accepts the link that a reset of the second step makes: the user proves the password, then enrols a new second factor.
import { openAttempt, type OpenedAttempt } from '#domain/attempts/attempt.service.ts'
import { verifyPassword } from '#domain/factors/password/password.service.ts'
import { readLink } from '#domain/links/link.service.ts'
import { secondFactorPolicy } from '#domain/policies/policy.service.ts'
import { bucketsFor, throttleDetails } from '#domain/throttle/guess.service.ts'
import { consumeGuess, recordRefusedGuess, recordSuccess, refundOnBusy } from '#domain/throttle/throttle.service.ts'
import { whyShutOut } from '#domain/users/account-expiry.service.ts'
import { findUser } from '#domain/users/user.service.ts'
import { inTransaction, type With } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import type { Secret } from '#foundation/kernel/secret.ts'

type Deps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'hasher' | 'config' | 'limits'>

/**
 * Returns the link and its user, and consumes nothing. Throws `link.unknown` also for a user who was deleted or is shut out, `link.expired`, and
 * `link.used` also if the user's credentials have changed since or a second factor exists.
 */
export async function readEnrolmentLink(ctx: With<'db' | 'now'>, token: Secret) {
  const link = await readLink(ctx, token, 'enrolment')
  const user = link.subject === null ? undefined : await findUser(ctx, link.subject)
  if (user === undefined || (await whyShutOut(ctx, user)) !== undefined) throw new Refusal('link.unknown')
  if (user.credentialEpoch !== link.epoch || user.secondFactorAt !== null) throw new Refusal('link.used')
  return { link, user }
}

/**
 * Verifies the password, which counts as a guess, and opens an attempt at the stage of enrolment. The confirmation of the new factor consumes
 * the link. Throws the codes of `readEnrolmentLink`, `password.wrong`, `throttle.blocked` and `service.busy`.
 */
export async function acceptEnrolmentLink(
  ctx: Deps,
  { token, password }: { readonly token: Secret; readonly password: Secret },
): Promise<OpenedAttempt> {
  const { link, user } = await readEnrolmentLink(ctx, token)
  const { subject, credentialEpoch: epoch } = user
  const guess = bucketsFor(ctx, user, ['password'])
  await consumeGuess(ctx, guess)
  const { matched } = await refundOnBusy(ctx, guess, () => verifyPassword(ctx, user, password))
  if (!matched) {
    const details = throttleDetails(secondFactorPolicy(ctx), guess)
    const refused = { actor: null, target: subject, result: 'refused', reason: 'wrong_password', details } as const
    const id = await recordRefusedGuess(ctx, guess, { action: 'sign_in.refused', ...refused })
    throw new Refusal('password.wrong', {}, { id })
  }
  return inTransaction(ctx, async (tx) => {
    await recordSuccess(tx, guess)
    const wanted = { purpose: 'sign-in', stage: 'enrolment', subject, epoch, methods: ['password'] } as const
    return openAttempt(tx, { ...wanted, linkId: link.id })
  })
}
