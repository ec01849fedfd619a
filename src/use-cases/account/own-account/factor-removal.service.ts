import type { WithSession } from '../../../foundation/context.ts'
import { hasSecondFactor, mayBeLeftWith } from '../../../domain/factors/last-factor.ts'
import type { SecondFactorsLeft } from '../../../domain/factors/last-factor.ts'
import { countPasskeys } from '../../../domain/factors/passkeys/passkey.service.ts'
import { dropRecoveryCodes } from '../../../domain/factors/recovery-codes/recovery-code.service.ts'
import { confirmedApps } from '../../../domain/factors/totp/totp.service.ts'
import { Refusal } from '../../../foundation/kernel/refusal.ts'
import { secondFactorPolicy } from '../../../domain/policies/policy.service.ts'
import { updateUser } from '../../../domain/users/user.service.ts'
import type { User } from '../../../domain/users/user.ts'
import { endOtherSessions } from './own-account.service.ts'
import type { OnlySession } from './own-account.service.ts'

/**
 * Updates the user after a factor was removed in the same transaction, and ends every other session. Throws `refusal` if the policy
 * requires the removed factor, which rolls the removal back.
 */
export async function cleanUpAfterRemoval(
  tx: WithSession<'db' | 'now' | 'random' | 'config'>,
  user: User,
  refusal: 'totp.last_one' | 'passkey.last_one',
): Promise<OnlySession> {
  const left = await secondFactorsLeft(tx, user.subject)
  if (!mayBeLeftWith(left, { ...user, secondFactor: secondFactorPolicy(tx) })) throw new Refusal(refusal)
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
  ctx: WithSession<'db' | 'config'>,
  removed: 'totp' | 'passkey',
): Promise<boolean> {
  const { rolePermissions, subject } = ctx.principal.user
  const { apps, passkeys } = await secondFactorsLeft(ctx, subject)
  const left = removed === 'totp' ? { apps: apps - 1, passkeys } : { apps, passkeys: passkeys - 1 }
  return !mayBeLeftWith(left, { rolePermissions, secondFactor: secondFactorPolicy(ctx) })
}

/** The second factors that the user has now. */
export async function secondFactorsLeft(ctx: WithSession<'db'>, subject: string): Promise<SecondFactorsLeft> {
  const apps = await confirmedApps(ctx, subject)
  return { apps: apps.length, passkeys: await countPasskeys(ctx, subject) }
}
