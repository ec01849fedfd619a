import { readAttempt } from '../../domain/attempts/attempt.service.ts'
import type { With } from '../../foundation/context.ts'
import type { SecondFactorKind } from '../../domain/factors/factor-kind.ts'
import { canHavePasskeys } from '../../domain/factors/passkeys/relying-party.ts'
import { secondFactorsOf } from '../../domain/factors/second-factor.service.ts'
import { codeLengthsOf } from '../../domain/factors/totp/totp.service.ts'
import { offeredKinds } from '../../domain/policies/enough.ts'
import { userPolicy } from '../../domain/policies/stored-policy.service.ts'
import { NOBODY } from './policy-steps.service.ts'
import type { Secret } from '../../foundation/kernel/secret.ts'

/**
 * Returns the second factors that can finish the attempt, in the order in which they are offered, and the lengths of the codes of the user's
 * apps, in digits; at another stage both are empty. Throws `attempt.ended`.
 */
export async function pendingSecondFactor(ctx: With<'db' | 'now' | 'config'>, token: Secret) {
  const { attempt, user } = await readAttempt(ctx, token)
  const { stage, subject, profile } = attempt
  const username = user?.username ?? profile.username ?? ''
  if (stage !== 'second-factor') return { username, stage, offered: [], codeLengths: [] }
  const policy = await userPolicy(ctx, user ?? { ...NOBODY, subject })
  const offered = offeredKinds(policy, await usableSecondFactors(ctx, subject))
  return { username, stage, offered, codeLengths: await codeLengthsOf(ctx, subject) }
}

/** The user's second factors that a page can ask for: no passkeys where the host of the public URL cannot be a relying party. */
export async function usableSecondFactors(ctx: With<'db' | 'config'>, subject: string): Promise<SecondFactorKind[]> {
  const enrolled = await secondFactorsOf(ctx, subject)
  return canHavePasskeys(ctx.config) ? enrolled : enrolled.filter((kind) => kind !== 'passkey')
}
