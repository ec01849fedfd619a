import { finishSignIn, openAttempt, readAttempt } from '../attempts/attempt.service.ts'
import type { Complete, OpenedAttempt } from '../attempts/attempt.service.ts'
import { inTransaction } from '../context.ts'
import { SECOND_FACTOR_KINDS } from '../factors/factor-kind.ts'
import type { FactorKind, SecondFactorKind } from '../factors/factor-kind.ts'
import { checkCode, consumeStep } from '../factors/totp/totp.service.ts'
import type { CodeCheck, ProvenStep } from '../factors/totp/totp.service.ts'
import type { Carrier } from '../kernel/caller.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Secret } from '../kernel/secret.ts'
import { drawGuess, settleGuess } from '../throttle/throttle.service.ts'
import type { Guess } from '../throttle/throttle.service.ts'
import { userBuckets } from '../throttle/throttle.ts'
import type { User } from '../users/user.ts'
import { atFirstSight, findWhoSignsIn, guessOf, lookAtPassword, recordFailedGuess } from './credentials.service.ts'
import type { SignInPowers } from './credentials.service.ts'
import { judgePassword } from './sign-in.ts'

export interface Credentials {
  readonly username: string
  readonly password: Secret
  /** A code of the authenticator app, for those who send both steps at once. */
  readonly code?: string | undefined
  readonly carrier: Carrier
}

export type SignInStep =
  | Complete
  | ({ readonly stage: 'second-factor'; readonly offered: readonly SecondFactorKind[] } & OpenedAttempt)
  | ({ readonly stage: 'enrolment' } & OpenedAttempt)

/**
 * The first step: password, or password and code at once. Refuses with `throttle.wait`, `service.busy` and, alike in
 * bytes and work for everybody, `sign_in.incorrect`; with `sign_in.disabled` only after all factors; a code sent along
 * can be refused with `attempt.code_wrong` or `attempt.code_used`.
 */
export async function beginSignIn(
  ctx: SignInPowers,
  { username, password, code, carrier }: Credentials,
): Promise<SignInStep> {
  const pace = ctx.hasher.pace(password)
  const found = await findWhoSignsIn(ctx, username, { orByEmail: true })
  const guess = guessOf(ctx, found, username, ['password'])
  await drawGuess(ctx, guess)
  const user = await atFirstSight(ctx, found)
  const { matched } = await lookAtPassword(ctx, { user, password, guess })
  const verdict = judgePassword({
    known: user !== undefined,
    matched,
    disabled: user?.disabled === true,
    hasSecondFactor: user !== undefined && user.secondFactorAt !== null,
  })
  if (verdict.stage === 'refused' || user === undefined) {
    const reason = verdict.stage === 'refused' ? verdict.reason : 'unknown_user'
    await recordFailedGuess(ctx, { action: 'sign_in.refused', user, guess, failure: { reason } })
    await pace.settle()
    throw new Refusal(reason === 'disabled' ? 'sign_in.disabled' : 'sign_in.incorrect')
  }
  const opened = await openAfterPassword(ctx, user, guess, verdict.stage)
  if (verdict.stage === 'enrolment') return { stage: 'enrolment', ...opened }
  if (code !== undefined) return proveSecondFactor(ctx, { attempt: opened.attempt, kind: 'totp', proof: code, carrier })
  return { stage: 'second-factor', offered: SECOND_FACTOR_KINDS, ...opened }
}

function openAfterPassword(
  ctx: SignInPowers,
  user: User,
  guess: Guess,
  stage: 'second-factor' | 'enrolment',
): Promise<OpenedAttempt> {
  return inTransaction(ctx, async (tx) => {
    await settleGuess(tx, guess)
    return openAttempt(tx, {
      purpose: 'sign-in',
      stage,
      subject: user.subject,
      epoch: user.credentialEpoch,
      methods: ['password'],
    })
  })
}

export interface SecondFactorProof {
  readonly attempt: Secret
  readonly kind: SecondFactorKind
  readonly proof: string
  readonly carrier: Carrier
}

/** How each kind of second factor is looked at; spending it is part of finishing. */
const CHECKS: Record<SecondFactorKind, (ctx: SignInPowers, subject: string, proof: string) => Promise<CodeCheck>> = {
  totp: checkCode,
}

/**
 * The second step. Refuses with `attempt.ended`, `attempt.wrong_stage`, `throttle.wait`, `attempt.code_wrong`,
 * `attempt.code_used`, and with `sign_in.disabled` once everything was proven.
 */
export async function proveSecondFactor(
  ctx: SignInPowers,
  { attempt: token, kind, proof, carrier }: SecondFactorProof,
): Promise<Complete> {
  const { attempt, user } = await readAttempt(ctx, token, 'second-factor')
  if (user === undefined) throw new Refusal('attempt.ended')
  const guess = { network: ctx.caller.origin.network, buckets: userBuckets(user.subject, ['code']) }
  await drawGuess(ctx, guess)
  const check = await CHECKS[kind](ctx, user.subject, proof)
  const proven: Proven = { user, guess, methods: [...attempt.methods, kind], carrier, attemptId: attempt.id }
  if (check.outcome === 'wrong') return refuseCode(ctx, proven, check)
  if (check.outcome === 'used') return refuseCode(ctx, proven, check)
  if (user.disabled) return refuseDisabled(ctx, proven, check)
  return (await completeWithStep(ctx, proven, check)) ?? refuseCode(ctx, proven, { ...check, outcome: 'used' })
}

export interface Proven {
  readonly user: User
  readonly guess: Guess
  readonly methods: readonly FactorKind[]
  readonly carrier: Carrier
  readonly attemptId: string | null
}

/** Spends the code and completes the sign-in, in one transaction; undefined when somebody else spent the code. */
export function completeWithStep(ctx: SignInPowers, proven: Proven, step: ProvenStep): Promise<Complete | undefined> {
  return inTransaction(ctx, async (tx) => ((await consumeStep(tx, step)) ? finishSignIn(tx, proven) : undefined))
}

async function refuseCode(
  ctx: SignInPowers,
  { user, guess }: Proven,
  check: Exclude<CodeCheck, { outcome: 'matched' }>,
): Promise<never> {
  const failure =
    check.outcome === 'used' ? ({ reason: 'used_code', replay: check } as const) : ({ reason: 'wrong_code' } as const)
  await recordFailedGuess(ctx, { action: 'sign_in.second_step_refused', user, guess, failure })
  throw new Refusal(check.outcome === 'used' ? 'attempt.code_used' : 'attempt.code_wrong')
}

// The code is spent all the same: everything was proven, and it must not be seen to work twice.
async function refuseDisabled(ctx: SignInPowers, { user, guess }: Proven, step: ProvenStep): Promise<never> {
  await consumeStep(ctx, step)
  await recordFailedGuess(ctx, { action: 'sign_in.refused', user, guess, failure: { reason: 'disabled' } })
  throw new Refusal('sign_in.disabled')
}
