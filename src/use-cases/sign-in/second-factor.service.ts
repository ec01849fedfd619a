import { readAttempt } from '../../domain/attempts/attempt.service.ts'
import type { AttemptStage } from '../../domain/attempts/attempt.ts'
import type { With } from '../../foundation/context.ts'
import type { SecondFactorKind } from '../../domain/factors/factor-kind.ts'
import { canHavePasskeys } from '../../domain/factors/passkeys/relying-party.ts'
import { secondFactorsOf } from '../../domain/factors/second-factor.service.ts'
import { codeLengthsOf } from '../../domain/factors/totp/totp.service.ts'
import type { Secret } from '../../foundation/kernel/secret.ts'

export interface PendingSecondStep {
  readonly username: string
  readonly stage: AttemptStage
  /** What this person has, in the order in which it is offered; at another stage nothing. */
  readonly offered: readonly SecondFactorKind[]
  /** How long the codes of their apps are. */
  readonly codeLengths: readonly number[]
}

/** What the attempt's own person can go on with. Refuses with `attempt.ended`. */
export async function pendingSecondFactor(
  ctx: With<'db' | 'now' | 'config'>,
  token: Secret,
): Promise<PendingSecondStep> {
  const { attempt, user } = await readAttempt(ctx, token)
  const { stage, subject, profile } = attempt
  const username = user?.username ?? profile.username ?? ''
  if (stage !== 'second-factor') return { username, stage, offered: [], codeLengths: [] }
  return { username, stage, offered: await usableHere(ctx, subject), codeLengths: await codeLengthsOf(ctx, subject) }
}

/** The second factors of this person that a page can ask for: no browser shows a passkey to an address that cannot have any. */
export async function usableHere(ctx: With<'db' | 'config'>, subject: string): Promise<readonly SecondFactorKind[]> {
  const held = await secondFactorsOf(ctx, subject)
  return canHavePasskeys(ctx.config) ? held : held.filter((kind) => kind !== 'passkey')
}
