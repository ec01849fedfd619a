import { hasSecondFactor, mayBeLeftWith } from '#domain/factors/last-factor.ts'
import { dropRecoveryCodes } from '#domain/factors/recovery-codes/recovery-code.service.ts'
import { heldFactors } from '#domain/policies/evaluation/second-factor-counts.service.ts'
import { userPolicy } from '#domain/policies/evaluation/user-policy.service.ts'
import { updateUser } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import type { WithSession } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { endOtherSessions, type OnlySession } from './own-account.service.ts'

/**
 * Updates the user after a factor was removed in the same transaction, and ends every other session. Throws `refusal` if the policy
 * requires the removed factor, which rolls the removal back.
 */
export async function cleanUpAfterRemoval(
  tx: WithSession<'db' | 'now' | 'random' | 'config'>,
  user: User,
  refusal: 'totp.last_one' | 'passkey.last_one',
): Promise<OnlySession> {
  const left = await heldFactors(tx, user.subject)
  if (!mayBeLeftWith(left, await userPolicy(tx, user))) throw new Refusal(refusal)
  // Recovery codes are deleted with the last factor: they would replace nothing, yet stay valid credentials.
  if (!hasSecondFactor(left)) await dropRecoveryCodes(tx, user.subject)
  const changes = {
    ...(left.passkeys === 0 && { passkeyAt: null }),
    ...(!hasSecondFactor(left) && { secondFactorAt: null }),
  }
  // Two concurrent removals conflict on the user's row; without this write each could still see the other's factor (write skew).
  return endOtherSessions(tx, await updateUser(tx, user, changes, { bumpEpoch: true }))
}

/** Whether the policy would refuse to remove this kind of factor, so that a page can say so beforehand. */
export async function isFactorRequired(
  ctx: WithSession<'db' | 'now' | 'config'>,
  removed: 'totp' | 'passkey',
): Promise<boolean> {
  const { user } = ctx.principal
  const { apps, passkeys } = await heldFactors(ctx, user.subject)
  const left = removed === 'totp' ? { apps: apps - 1, passkeys } : { apps, passkeys: passkeys - 1 }
  return !mayBeLeftWith(left, await userPolicy(ctx, user))
}
