import { readAttempt } from '#domain/attempts/attempt.service.ts'
import type { SecondFactorKind } from '#domain/factors/factor-kind.ts'
import { canHavePasskeys } from '#domain/factors/passkeys/relying-party.ts'
import { secondFactorsOf } from '#domain/factors/second-factor.service.ts'
import { codeLengthsOf } from '#domain/factors/totp/totp.service.ts'
import { offeredKinds, rememberedFor } from '#domain/policies/enough.ts'
import { userPolicy } from '#domain/policies/stored-policy.service.ts'
import type { With } from '#foundation/context.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import { UNKNOWN_USER } from './policy-steps.service.ts'

/**
 * Returns the second factors that can finish the attempt, in the order in which they are offered, the lengths of the codes of the user's
 * apps, in digits, and how long the browser may be remembered; at another stage the lists are empty. Throws `attempt.ended`.
 */
export async function pendingSecondFactor(ctx: With<'db' | 'now' | 'config'>, token: Secret) {
  const { attempt, user } = await readAttempt(ctx, token)
  const { stage, subject, profile } = attempt
  const username = user?.username ?? profile.username ?? ''
  if (stage !== 'second-factor') return { username, stage, offered: [], codeLengths: [], remembersFor: 0 }
  const policy = await userPolicy(ctx, user ?? { ...UNKNOWN_USER, subject })
  const offered = offeredKinds(policy, await usableSecondFactors(ctx, subject))
  return {
    username,
    stage,
    offered,
    codeLengths: await codeLengthsOf(ctx, subject),
    remembersFor: rememberedFor(policy),
  }
}

/** The user's second factors that a page can ask for: no passkeys where the host of the public URL cannot be a relying party. */
export async function usableSecondFactors(ctx: With<'db' | 'config'>, subject: string): Promise<SecondFactorKind[]> {
  const enrolled = await secondFactorsOf(ctx, subject)
  return canHavePasskeys(ctx.config) ? enrolled : enrolled.filter((kind) => kind !== 'passkey')
}
