// Enrols the authenticator app of a user who is beside the operator when they run the command.
import { recordEvent } from '#domain/audit/audit.service.ts'
import type { ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { beginTotp, confirmTotp, type PendingTotp } from '#domain/factors/totp/totp.service.ts'
import { withdrawMailedLinks } from '#domain/mail/mailed-links.service.ts'
import { isJoining, notifyUser } from '#domain/notices/notice.service.ts'
import { resetGuessesAt } from '#domain/throttle/throttle.service.ts'
import { updateUser } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import type { With } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { recordAbout, type UserRef, withTargetUser } from '../access/access.service.ts'

/** Makes a setup key, which is valid once `confirmEnrolmentFor` has verified a code. Throws `user.not_found`, `user.already_enrolled`. */
export function beginEnrolmentFor(ctx: ChangeDeps, ref: UserRef): Promise<PendingTotp> {
  return withTargetUser(ctx, ref, 'totp.enrolment_started', async (tx, user) => {
    const { subject, username } = user
    requireNoSecondFactor(user)
    const begun = await beginTotp(tx, { subject, username })
    // Two concurrent set-ups conflict on the user's row, so that only one app is pending (write skew).
    await updateUser(tx, user, {}, { bumpEpoch: false })
    await recordAbout(tx, user, 'totp.enrolment_started', { factor: begun.id })
    return begun
  })
}

export interface InPersonConfirmation {
  readonly user: UserRef
  readonly id: string
  readonly code: string
}

/**
 * Confirms the app by its first code and consumes that step. Starts no session, since the user did not sign in. Returns `wrong` for a
 * wrong code and `missing` if the app is not pending. Throws `user.not_found`, `user.already_enrolled`.
 */
export function confirmEnrolmentFor(
  ctx: ChangeDeps & With<'log'>,
  { user: ref, id, code }: InPersonConfirmation,
): Promise<'confirmed' | 'wrong' | 'missing'> {
  return withTargetUser(ctx, ref, 'totp.confirmed', async (tx, user) => {
    const { subject, username } = user
    requireNoSecondFactor(user)
    const event = { action: 'totp.confirmed', target: subject, details: { username } } as const
    const outcome = await confirmTotp(tx, { subject, id, code })
    if (outcome === 'wrong') await recordEvent(tx, { ...event, result: 'refused', reason: 'wrong_code' })
    if (outcome !== 'confirmed') return outcome
    const changed = await updateUser(tx, user, { secondFactorAt: tx.now })
    await withdrawMailedLinks(tx, subject, ['invitation'])
    // Earlier wrong guesses were made against no or another secret, so they do not count against the new app.
    await resetGuessesAt(tx, subject, 'code')
    await recordEvent(tx, { ...event, ending: {} })
    await notifyUser(tx, changed, (await isJoining(tx, user)) ? 'joined' : 'app-added')
    return outcome
  })
}

/** Throws `user.already_enrolled`: a user with a second factor adds apps in their account, or is reset first. */
function requireNoSecondFactor({ secondFactorAt }: User): void {
  if (secondFactorAt !== null) throw new Refusal('user.already_enrolled')
}
