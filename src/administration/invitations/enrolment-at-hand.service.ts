// Setting up the second step of somebody who sits beside the operator.
import { recordEvent } from '../../audit/audit.service.ts'
import { inTransaction } from '../../context.ts'
import type { With } from '../../context.ts'
import { beginTotp, confirmTotp } from '../../factors/totp/totp.service.ts'
import type { PendingTotp } from '../../factors/totp/totp.service.ts'
import { withdrawLinks } from '../../links/link.service.ts'
import { changeUser } from '../../users/user.service.ts'
import type { User } from '../../users/user.ts'
import { readUser } from '../user/target.service.ts'

type Powers = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'config' | 'caller'>

/** Makes a setup key; nothing counts until `confirmEnrolmentFor` has seen a code. */
export function beginEnrolmentFor(ctx: Powers, { subject, username }: User): Promise<PendingTotp> {
  return inTransaction(ctx, async (tx) => {
    const begun = await beginTotp(tx, { subject, username })
    await recordEvent(tx, {
      action: 'totp.enrolment_started',
      target: subject,
      details: { username, factor: begun.id },
    })
    return begun
  })
}

/** Confirms the app by its first code, which is spent by that. Starts no session: nobody signed in. */
export function confirmEnrolmentFor(
  ctx: Powers,
  { user, id, code }: { readonly user: User; readonly id: string; readonly code: string },
): Promise<'confirmed' | 'wrong' | 'missing'> {
  return inTransaction(ctx, async (tx) => {
    const outcome = await confirmTotp(tx, { subject: user.subject, id, code })
    if (outcome === 'wrong') {
      const refused = { result: 'refused', reason: 'wrong_code', details: { username: user.username } } as const
      await recordEvent(tx, { action: 'totp.confirmed', target: user.subject, ...refused })
    }
    if (outcome !== 'confirmed') return outcome
    await withdrawLinks(tx, { purpose: 'invitation', subject: user.subject })
    await changeUser(tx, await readUser(tx, user), { secondFactorAt: tx.now })
    await recordEvent(tx, { action: 'totp.confirmed', target: user.subject, details: { username: user.username } })
    return outcome
  })
}
