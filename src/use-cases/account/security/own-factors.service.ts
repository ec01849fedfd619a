import {
  type AcceptedCredentials,
  acceptedCredentials,
  listPasskeys,
  type Passkey,
} from '#domain/factors/passkeys/passkey.service.ts'
import type { RecoveryCodesLeft } from '#domain/factors/recovery-codes/recovery-code.service.ts'
import { listTotp } from '#domain/factors/totp/totp.service.ts'
import type { WithSession } from '#foundation/context.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { loadOwnAccount } from '../own-account/own-account.service.ts'
import { ownRecoveryCodes } from '../recovery-codes/own-recovery-codes.service.ts'
import type { OwnTotp } from '../totp/own-apps.service.ts'

export interface OwnFactors {
  readonly passwordChangedAt: Instant | null
  readonly hasPassword: boolean
  readonly apps: readonly OwnTotp[]
  readonly passkeys: readonly Passkey[]
  readonly recoveryCodes: RecoveryCodesLeft
  /** For `signalAllAcceptedCredentials()`, by which the browser hides all other passkeys. */
  readonly accepted: AcceptedCredentials
}

/** Returns every factor of the signed-in user, unconfirmed apps included, without secrets. */
export async function listOwnFactors(ctx: WithSession<'db' | 'config'>): Promise<OwnFactors> {
  const { subject, passwordChangedAt, hashedPassword } = await loadOwnAccount(ctx)
  return {
    passwordChangedAt,
    hasPassword: hashedPassword !== null,
    apps: await listTotp(ctx, subject),
    passkeys: await listPasskeys(ctx, subject),
    recoveryCodes: await ownRecoveryCodes(ctx),
    accepted: await acceptedCredentials(ctx, subject),
  }
}
