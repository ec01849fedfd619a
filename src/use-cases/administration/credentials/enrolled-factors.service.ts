// The second factors of a user: kinds, dates and numbers, never a secret.
import type { With } from '../../../foundation/context.ts'
import { listPasskeys, resetPasskeys } from '../../../domain/factors/passkeys/passkey.service.ts'
import type { Passkey } from '../../../domain/factors/passkeys/passkey.service.ts'
import { dropRecoveryCodes, recoveryCodesLeft } from '../../../domain/factors/recovery-codes/recovery-code.service.ts'
import type { RecoveryCodesLeft } from '../../../domain/factors/recovery-codes/recovery-code.service.ts'
import type { TotpApp } from '../../../domain/factors/totp/totp.queries.ts'
import { confirmedApps, resetTotp } from '../../../domain/factors/totp/totp.service.ts'

export interface EnrolledFactors {
  /** Confirmed apps only. */
  readonly apps: readonly TotpApp[]
  readonly passkeys: readonly Passkey[]
  readonly recoveryCodes: RecoveryCodesLeft
}

export interface FactorCounts {
  readonly apps: number
  readonly passkeys: number
  /** Unused codes only. */
  readonly recoveryCodes: number
}

/** Returns the second factors of a user; pending apps are left out. */
export async function enrolledFactors(ctx: With<'db'>, subject: string): Promise<EnrolledFactors> {
  return {
    apps: await confirmedApps(ctx, subject),
    passkeys: await listPasskeys(ctx, subject),
    recoveryCodes: await recoveryCodesLeft(ctx, subject),
  }
}

/** Counts apps, passkeys and unused recovery codes. */
export function countsOf({ apps, passkeys, recoveryCodes }: EnrolledFactors): FactorCounts {
  return { apps: apps.length, passkeys: passkeys.length, recoveryCodes: recoveryCodes.left }
}

/** Deletes all second factors, pending apps included; returns how many valid ones there were. Call it inside a transaction. */
export async function dropFactors(ctx: With<'db'>, subject: string): Promise<FactorCounts> {
  const counts = countsOf(await enrolledFactors(ctx, subject))
  await resetTotp(ctx, subject)
  await resetPasskeys(ctx, subject)
  await dropRecoveryCodes(ctx, subject)
  return counts
}
