// One place for everything that counts as a second factor: look at it here, spend it where the sign-in finishes.
import type { With } from '../../foundation/context.ts'
import type { RefusalCode } from '../../foundation/kernel/refusal.ts'
import type { GuessedFactor } from '../throttle/throttle.ts'
import type { SecondFactorKind } from './factor-kind.ts'
import { offerOrder } from './factor-order.ts'
import type { DatedFactor } from './factor-order.ts'
import { consumeAssertion, verifyAssertion } from './passkeys/assertion.service.ts'
import { refusalCodeFor } from './passkeys/passkey.ts'
import type { PasskeyReason } from './passkeys/passkey.ts'
import { listPasskeys } from './passkeys/passkey.service.ts'
import type { Passkey } from './passkeys/passkey.service.ts'
import type { AuthenticationResponse } from './passkeys/ceremony.service.ts'
import { checkRecoveryCode, consumeRecoveryCode, recoveryCodesLeft } from './recovery-codes/recovery-code.service.ts'
import { checkCode, consumeStep } from './totp/totp-check.service.ts'
import type { ProvenStep } from './totp/totp-check.service.ts'
import { confirmedApps } from './totp/totp.service.ts'

/** What somebody shows, by kind. */
export type SecondFactorProof =
  | { readonly kind: 'totp' | 'recovery-code'; readonly code: string }
  | {
      readonly kind: 'passkey'
      readonly response: AuthenticationResponse
      readonly purpose: 'second-factor' | 'reauthentication'
      /** The attempt or the session that asked. */
      readonly boundTo: string
    }

export type FactorReason = 'wrong_code' | 'used_code' | 'wrong_recovery_code' | 'used_recovery_code' | PasskeyReason

export interface FactorFailure {
  readonly kind: SecondFactorKind
  /** For the audit log. */
  readonly reason: FactorReason
  /** For the person. */
  readonly refusal: RefusalCode
  /** The step whose code was shown again. */
  readonly replay?: ProvenStep
}

export type FactorCheck =
  | {
      readonly outcome: 'matched'
      readonly kind: SecondFactorKind
      /** A passkey checked who holds it: it stands for both factors. */
      readonly userVerified: boolean
      /** Spends what was shown: true for one caller only, however many try at once. */
      readonly spend: (ctx: With<'db' | 'now'>) => Promise<boolean>
      /** What it is when somebody else was faster. */
      readonly lost: FactorFailure
    }
  | ({ readonly outcome: 'refused' } & FactorFailure)

type Deps = With<'db' | 'now' | 'keyring' | 'config' | 'hasher' | 'log'>

/** What is drawn from before one is looked at. A passkey cannot be guessed, so it always works. */
export const FACTOR_BUCKETS: Record<SecondFactorKind, readonly GuessedFactor[]> = {
  totp: ['code'],
  'recovery-code': ['recovery'],
  passkey: [],
}

/** Looks at a second factor of this person. Spends nothing: `spend` does, in the transaction that it opens something in. */
export function checkSecondFactor(ctx: Deps, subject: string, proof: SecondFactorProof): Promise<FactorCheck> {
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
  return { outcome: 'matched', kind: 'totp', userVerified: false, spend: (tx) => consumeStep(tx, replay), lost: used }
}

async function checkRecovery(ctx: Deps, subject: string, code: string): Promise<FactorCheck> {
  const check = await checkRecoveryCode(ctx, subject, code)
  const kind = 'recovery-code' as const
  const wrong = { kind, reason: 'wrong_recovery_code', refusal: 'attempt.recovery_code_wrong' } as const
  const used = { kind, reason: 'used_recovery_code', refusal: 'attempt.recovery_code_used' } as const
  if (check.outcome !== 'matched') return { outcome: 'refused', ...(check.outcome === 'used' ? used : wrong) }
  const { codeId } = check
  return { outcome: 'matched', kind, userVerified: false, spend: (tx) => consumeRecoveryCode(tx, codeId), lost: used }
}

async function checkPasskey(
  ctx: Deps,
  subject: string,
  { response, purpose, boundTo }: Extract<SecondFactorProof, { kind: 'passkey' }>,
): Promise<FactorCheck> {
  const kind = 'passkey' as const
  const verdict = await verifyAssertion(ctx, { purpose, subject, boundTo, response })
  if (verdict.outcome === 'refused') {
    return { outcome: 'refused', kind, reason: verdict.reason, refusal: refusalCodeFor(verdict.reason) }
  }
  const lost = { kind, reason: 'ended_challenge', refusal: 'passkey.challenge_ended' } as const
  const { userVerified } = verdict
  return { outcome: 'matched', kind, userVerified, spend: (tx) => consumeAssertion(tx, verdict), lost }
}

/**
 * The kinds that this person has at hand, the one used last first. For themselves, once their password was right, and for
 * admins: the order tells of habits, so nobody else may see it.
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
