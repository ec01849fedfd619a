// The second factors that a user holds, as policies count them.
import type { With } from '../../foundation/context.ts'
import type { PrincipalUser } from '../../foundation/kernel/principal.ts'
import { countPasskeys } from '../factors/passkeys/passkey.service.ts'
import { confirmedApps } from '../factors/totp/totp.service.ts'
import { holdsAllowed } from './enough.ts'
import type { FactorTally } from './enough.ts'
import { ALLOWABLE_FACTORS } from './policy.ts'
import type { UserPolicy } from './policy.ts'

/** Returns how many confirmed factors of each kind the user has. */
export async function heldFactors(ctx: With<'db'>, subject: string): Promise<FactorTally> {
  const apps = await confirmedApps(ctx, subject)
  return { apps: apps.length, passkeys: await countPasskeys(ctx, subject) }
}

/** Whether the user has a second factor that the policy allows. Only where it allows some and not all are the factors read. */
export async function hasAllowedFactor(
  ctx: With<'db'>,
  policy: Pick<UserPolicy, 'factors'>,
  user: Pick<PrincipalUser, 'subject' | 'secondFactorAt'>,
): Promise<boolean> {
  if (user.secondFactorAt === null) return false
  if (policy.factors.length === ALLOWABLE_FACTORS.length) return true
  return holdsAllowed(policy, await heldFactors(ctx, user.subject))
}
