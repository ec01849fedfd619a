// The second factors that a user holds, as policies count them.
import { countPasskeys } from '#domain/factors/passkeys/passkey.service.ts'
import { confirmedApps } from '#domain/factors/totp/totp.service.ts'
import type { With } from '#foundation/context.ts'
import type { PrincipalUser } from '#foundation/kernel/principal.ts'
import type { UserPolicy } from '../policy.ts'
import { type FactorTally, isAllowed, NO_FACTORS } from './sufficient-factors.ts'

/** Returns how many confirmed factors of each kind the user has. */
export async function heldFactors(ctx: With<'db'>, subject: string): Promise<FactorTally> {
  const apps = await confirmedApps(ctx, subject)
  return { apps: apps.length, passkeys: await countPasskeys(ctx, subject) }
}

/**
 * Returns the factors of a user as far as they decide whether the policy stops the user. Only whether an app stands beside a passkey that is
 * not allowed must be read; the dates in the row of the user say the rest.
 */
export async function decidingFactors(
  ctx: With<'db'>,
  policy: Pick<UserPolicy, 'factors'>,
  { subject, secondFactorAt, passkeyAt }: Pick<PrincipalUser, 'subject' | 'secondFactorAt' | 'passkeyAt'>,
): Promise<FactorTally> {
  if (secondFactorAt === null) return NO_FACTORS
  if (passkeyAt === null) return { apps: 1, passkeys: 0 }
  const isAppDeciding = isAllowed(policy, 'totp') && !isAllowed(policy, 'passkey')
  return { apps: isAppDeciding ? (await confirmedApps(ctx, subject)).length : 0, passkeys: 1 }
}
