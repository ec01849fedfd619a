import { readAttempt } from '../../domain/attempts/attempt.service.ts'
import type { AttemptStage } from '../../domain/attempts/attempt.ts'
import type { With } from '../../foundation/context.ts'
import type { SecondFactorKind } from '../../domain/factors/factor-kind.ts'
import { canHavePasskeys } from '../../domain/factors/passkeys/relying-party.ts'
import { secondFactorsOf } from '../../domain/factors/second-factor.service.ts'
import { codeLengthsOf } from '../../domain/factors/totp/totp.service.ts'
import type { Secret } from '../../foundation/kernel/secret.ts'

export interface PendingSecondFactor {
  readonly username: string
  readonly stage: AttemptStage
  /** The user's second factors in the order in which they are offered; empty at another stage. */
  readonly offered: readonly SecondFactorKind[]
  /** Lengths of the codes of the user's apps, in digits. */
  readonly codeLengths: readonly number[]
}

/** Returns the second factors that can finish the attempt. Throws `attempt.ended`. */
export async function pendingSecondFactor(
  ctx: With<'db' | 'now' | 'config'>,
  token: Secret,
): Promise<PendingSecondFactor> {
  const { attempt, user } = await readAttempt(ctx, token)
  const { stage, subject, profile } = attempt
  const username = user?.username ?? profile.username ?? ''
  if (stage !== 'second-factor') return { username, stage, offered: [], codeLengths: [] }
  return {
    username,
    stage,
    offered: await usableSecondFactors(ctx, subject),
    codeLengths: await codeLengthsOf(ctx, subject),
  }
}

/** The user's second factors that a page can ask for: no passkeys where the host of the public URL cannot be a relying party. */
export async function usableSecondFactors(
  ctx: With<'db' | 'config'>,
  subject: string,
): Promise<readonly SecondFactorKind[]> {
  const enrolled = await secondFactorsOf(ctx, subject)
  return canHavePasskeys(ctx.config) ? enrolled : enrolled.filter((kind) => kind !== 'passkey')
}
