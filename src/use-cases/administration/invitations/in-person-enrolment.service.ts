// Setting up the second step of somebody who sits beside the operator.
import { recordEvent } from '../../../domain/audit/audit.service.ts'
import type { With } from '../../../foundation/context.ts'
import { beginTotp, confirmTotp } from '../../../domain/factors/totp/totp.service.ts'
import type { PendingTotp } from '../../../domain/factors/totp/totp.service.ts'
import { Refusal } from '../../../foundation/kernel/refusal.ts'
import { withdrawLinks } from '../../../domain/links/link.service.ts'
import { resetGuessesAt } from '../../../domain/throttle/throttle.service.ts'
import { updateUser } from '../../../domain/users/user.service.ts'
import type { User } from '../../../domain/users/user.ts'
import { withTargetUser } from '../access/access.service.ts'
import type { UserRef } from '../access/access.service.ts'

type Deps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'config' | 'principal' | 'log'>

/** Makes a setup key; nothing counts until `confirmEnrolmentFor` has seen a code. Both refuse with `user.already_enrolled`. */
export function beginEnrolmentFor(ctx: Deps, ref: UserRef): Promise<PendingTotp> {
  return withTargetUser(ctx, ref, 'totp.enrolment_started', async (tx, user) => {
    const { subject, username } = user
    requireNoSecondFactor(user)
    const begun = await beginTotp(tx, { subject, username })
    // What two set-ups begun at once collide on, as where people add an app themselves: only one waits.
    await updateUser(tx, user, {}, { bumpEpoch: false })
    const details = { username, factor: begun.id }
    await recordEvent(tx, { action: 'totp.enrolment_started', target: subject, details })
    return begun
  })
}

export interface ConfirmingAtHand {
  readonly user: UserRef
  readonly id: string
  readonly code: string
}

/** Confirms the app by its first code, which is spent by that. Starts no session: nobody signed in. */
export function confirmEnrolmentFor(
  ctx: Deps,
  { user: ref, id, code }: ConfirmingAtHand,
): Promise<'confirmed' | 'wrong' | 'missing'> {
  return withTargetUser(ctx, ref, 'totp.confirmed', async (tx, user) => {
    const { subject, username } = user
    requireNoSecondFactor(user)
    const event = { action: 'totp.confirmed', target: subject, details: { username } } as const
    const outcome = await confirmTotp(tx, { subject, id, code })
    if (outcome === 'wrong') await recordEvent(tx, { ...event, result: 'refused', reason: 'wrong_code' })
    if (outcome !== 'confirmed') return outcome
    await withdrawLinks(tx, { purpose: 'invitation', subject })
    await updateUser(tx, user, { secondFactorAt: tx.now })
    // What strangers guessed at before says nothing about the new app.
    await resetGuessesAt(tx, subject, 'code')
    await recordEvent(tx, event)
    return outcome
  })
}

/** Whoever has a second step, perhaps since a moment ago, adds an app themselves, or is reset first. */
function requireNoSecondFactor({ secondFactorAt }: User): void {
  if (secondFactorAt !== null) throw new Refusal('user.already_enrolled')
}
