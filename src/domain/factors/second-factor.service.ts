// Second factors of all kinds: verifies one here, and consumes it in the transaction that finishes the sign-in.
import type { GuessedFactor } from '#domain/throttle/throttle.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import type { RefusalCode } from '#foundation/kernel/refusal.ts'
import type { SecondFactorKind } from './factor-kind.ts'
import { type DatedFactor, offerOrder } from './factor-order.ts'
import { consumeAssertion, verifyAssertion } from './passkeys/assertion.service.ts'
import type { AuthenticationResponse } from './passkeys/ceremony.service.ts'
import { listPasskeys, type Passkey } from './passkeys/passkey.service.ts'
import { type PasskeyReason, refusalCodeFor } from './passkeys/passkey.ts'
import { checkRecoveryCode, consumeRecoveryCode, recoveryCodesLeft } from './recovery-codes/recovery-code.service.ts'
import { checkCode, consumeStep, type MatchedStep } from './totp/totp-check.service.ts'
import { confirmedApps } from './totp/totp.service.ts'

/** What a client sends as its second factor. */
export type SecondFactorInput =
  | { readonly kind: 'totp' | 'recovery-code'; readonly code: string }
  | {
      readonly kind: 'passkey'
      readonly response: AuthenticationResponse
      readonly purpose: 'second-factor' | 'reauthentication'
      /** The id of the attempt or the session that requested the challenge. */
      readonly boundTo: string
    }

export type FactorReason = 'wrong_code' | 'used_code' | 'wrong_recovery_code' | 'used_recovery_code' | PasskeyReason

export interface FactorFailure {
  readonly kind: SecondFactorKind
  /** For the audit log. */
  readonly reason: FactorReason
  /** The error code of the answer. */
  readonly refusal: RefusalCode
  /** The consumed TOTP step whose code was sent again (replay). */
  readonly replay?: MatchedStep
}

export type FactorCheck =
  | {
      readonly outcome: 'matched'
      readonly kind: SecondFactorKind
      /** Whether a passkey has verified its user, so that it counts as two factors. */
      readonly userVerified: boolean
      /** Consumes the factor; returns true for one of several parallel calls only (replay). */
      readonly consume: (tx: InTransaction<With<'db' | 'now'>>) => Promise<boolean>
      /** The failure to record if another request has consumed it. */
      readonly alreadyConsumed: FactorFailure
    }
  | ({ readonly outcome: 'refused' } & FactorFailure)

type Deps = With<'db' | 'now' | 'keyring' | 'config' | 'hasher' | 'log'>

/** The buckets in which a guess at each kind counts. A passkey cannot be guessed, so it is never blocked. */
export const FACTOR_BUCKETS: Record<SecondFactorKind, readonly GuessedFactor[]> = {
  totp: ['code'],
  'recovery-code': ['recovery'],
  passkey: [],
}

/** Verifies a second factor of the user. Consumes nothing: `consume` does, in the transaction of the change that the factor authorizes. */
export function checkSecondFactor(ctx: Deps, subject: string, proof: SecondFactorInput): Promise<FactorCheck> {
  switch (proof.kind) {
    case 'totp':
      return checkApp(ctx, subject, proof.code)
    case 'recovery-code':
      return checkRecovery(ctx, subject, proof.code)
    case 'passkey':
      return checkPasskey(ctx, subject, proof)
  }
}

async function checkApp(ctx: Deps, subject: string, code: string): Promise<FactorCheck> {
  const check = await checkCode(ctx, subject, code)
  const wrong = { kind: 'totp', reason: 'wrong_code', refusal: 'attempt.code_wrong' } as const
  if (check.outcome === 'wrong') return { outcome: 'refused', ...wrong }
  const { factorId, step } = check
  const replay = { factorId, step }
  const used = { kind: 'totp', reason: 'used_code', refusal: 'attempt.code_used', replay } as const
  if (check.outcome === 'used') return { outcome: 'refused', ...used }
  return {
    outcome: 'matched',
    kind: 'totp',
    userVerified: false,
    consume: (tx) => consumeStep(tx, replay),
    alreadyConsumed: used,
  }
}

async function checkRecovery(ctx: Deps, subject: string, code: string): Promise<FactorCheck> {
  const check = await checkRecoveryCode(ctx, subject, code)
  const kind = 'recovery-code' as const
  const wrong = { kind, reason: 'wrong_recovery_code', refusal: 'attempt.recovery_code_wrong' } as const
  const used = { kind, reason: 'used_recovery_code', refusal: 'attempt.recovery_code_used' } as const
  if (check.outcome !== 'matched') return { outcome: 'refused', ...(check.outcome === 'used' ? used : wrong) }
  const { codeId } = check
  return {
    outcome: 'matched',
    kind,
    userVerified: false,
    consume: (tx) => consumeRecoveryCode(tx, codeId),
    alreadyConsumed: used,
  }
}

async function checkPasskey(
  ctx: Deps,
  subject: string,
  { response, purpose, boundTo }: Extract<SecondFactorInput, { kind: 'passkey' }>,
): Promise<FactorCheck> {
  const kind = 'passkey' as const
  const assertion = await verifyAssertion(ctx, { purpose, subject, boundTo, response })
  if (assertion.outcome === 'refused') {
    return { outcome: 'refused', kind, reason: assertion.reason, refusal: refusalCodeFor(assertion.reason) }
  }
  const alreadyConsumed = { kind, reason: 'ended_challenge', refusal: 'passkey.challenge_ended' } as const
  const { userVerified } = assertion
  return { outcome: 'matched', kind, userVerified, consume: (tx) => consumeAssertion(tx, assertion), alreadyConsumed }
}

/**
 * Returns the kinds of the user's second factors, the last used one first. The order reveals the user's habits, so only the user, after
 * the right password, and admins may see it.
 */
export async function secondFactorsOf(ctx: With<'db'>, subject: string): Promise<SecondFactorKind[]> {
  const apps = await confirmedApps(ctx, subject)
  const passkeys = await listPasskeys(ctx, subject)
  const { left, madeAt } = await recoveryCodesLeft(ctx, subject)
  return offerOrder([
    ...passkeys.map((passkey) => dated('passkey', passkey)),
    ...apps.map((app) => dated('totp', app)),
    ...(left > 0 ? [{ kind: 'recovery-code', usedAt: madeAt ?? 0 } as const] : []),
  ])
}

function dated(kind: SecondFactorKind, factor: Pick<Passkey, 'createdAt' | 'lastUsedAt'>): DatedFactor {
  return { kind, usedAt: factor.lastUsedAt ?? factor.createdAt }
}
