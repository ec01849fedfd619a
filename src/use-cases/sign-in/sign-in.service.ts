// Begins and finishes a sign-in step by step.
import {
  type EnrolmentNeeded,
  type FinishDeps,
  type FinishedSignIn,
  type FinishOutcome,
  finishSignIn,
  type HeldSignIn,
  openAttempt,
  type OpenedAttempt,
  readAttempt,
  type SignInResult,
} from '#domain/attempts/attempt.service.ts'
import type { SecondFactorKind } from '#domain/factors/factor-kind.ts'
import type { AuthenticationResponse } from '#domain/factors/passkeys/ceremony.service.ts'
import { verifyPassword } from '#domain/factors/password/password.service.ts'
import {
  checkSecondFactor,
  FACTOR_BUCKETS,
  type FactorFailure,
  type SecondFactorInput,
} from '#domain/factors/second-factor.service.ts'
import { detectClockDrift, discloseClockDrift } from '#domain/factors/totp/totp-check.service.ts'
import type { UserPolicy } from '#domain/policies/policy.ts'
import type { DeviceSubmission } from '#domain/remembered-devices/remembered-device.service.ts'
import { bucketsFor, bucketsForLogin, limitRequestRate } from '#domain/throttle/guess.service.ts'
import { consumeGuess, type Guess, NO_GUESS, recordSuccess, refundOnBusy } from '#domain/throttle/throttle.service.ts'
import { whyShutOut } from '#domain/users/account-expiry.service.ts'
import type { ShutOutReason } from '#domain/users/account-expiry.ts'
import type { User } from '#domain/users/user.ts'
import { type InTransaction, inTransaction, type With } from '#foundation/context.ts'
import type { Transport } from '#foundation/kernel/principal.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import {
  completeExternalRow,
  type FailedVerification,
  findUserByLogin,
  recordFailedGuess,
  updateAfterMatch,
} from './credentials.service.ts'
import { offeredFactors, policyBeforeFactors, refuseDisallowed, stepAfterPassword } from './policy-steps.service.ts'
import { skipSecondFactor } from './remembered-device.service.ts'

export interface Credentials {
  readonly username: string
  readonly password: Secret
  /** A code of the authenticator app, for clients that send both factors in one request. */
  readonly code?: string | undefined
  readonly transport: Transport
  /** The cookie of a remembered device, and the form that presents it. Only a page has one. */
  readonly remembered?: DeviceSubmission | undefined
}

export type SignInStep =
  | SignInResult
  | ({ readonly stage: 'second-factor'; readonly offered: readonly SecondFactorKind[] } & OpenedAttempt)
  | EnrolmentNeeded
  | HeldSignIn

/**
 * The first step: password, or password and code in one request. Throws `throttle.blocked`, `service.busy`, and `sign_in.incorrect`,
 * whose bytes and work are the same for known and unknown names (user enumeration); `sign_in.disabled` only once every factor of the
 * user was verified; for a code also the codes of `proveSecondFactor`.
 */
export async function beginSignIn(
  ctx: With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config' | 'hasher' | 'limits' | 'log'>,
  { username, password, code, transport, remembered }: Credentials,
): Promise<SignInStep> {
  const found = await findUserByLogin(ctx, username, { orByEmail: true })
  const guess = bucketsForLogin(ctx, username, found, ['password'])
  await consumeGuess(ctx, guess)
  const user = await completeExternalRow(ctx, found)
  const verification = await refundOnBusy(ctx, guess, () => verifyPassword(ctx, user, password))
  await updateAfterMatch(ctx, { user, password, verification })
  const policy = await policyBeforeFactors(ctx, user)
  const verdict = await stepAfterPassword(ctx, policy, user, verification.matched)
  if (verdict.stage === 'refused' || user === undefined) {
    const reason = verdict.stage === 'refused' ? verdict.reason : 'unknown_user'
    const id = await recordFailedGuess(ctx, { action: 'sign_in.refused', user, guess, failure: { reason } })
    await ctx.hasher.waitForUniformResponseTime(verification)
    throw new Refusal(REFUSALS[reason], {}, { id })
  }
  if (verdict.stage === 'complete') {
    const signIn = { user, guess, methods: ['password'], transport, attemptId: null } as const
    return inTransaction(ctx, (tx) => finishSignIn(tx, signIn))
  }
  const skips =
    verdict.stage === 'second-factor' && (await skipSecondFactor(ctx, { user, guess, transport, remembered }))
  if (skips) return skips
  const opened = await openAfterPassword(ctx, user, guess, verdict.stage)
  if (verdict.stage === 'enrolment') return { stage: 'enrolment', ...opened }
  const { attempt } = opened
  if (code !== undefined) return proveFactor(ctx, { attempt, factor: { kind: 'totp', code }, transport }, policy)
  return { stage: 'second-factor', offered: await offeredFactors(ctx, policy, user), ...opened }
}

const REFUSALS = {
  unknown_user: 'sign_in.incorrect',
  wrong_password: 'sign_in.incorrect',
  disabled: 'sign_in.disabled',
  account_expired: 'sign_in.disabled',
} as const

function openAfterPassword(
  ctx: With<'db' | 'now' | 'newId' | 'random' | 'config'>,
  user: User,
  guess: Guess,
  stage: 'second-factor' | 'enrolment',
): Promise<OpenedAttempt> {
  return inTransaction(ctx, async (tx) => {
    await recordSuccess(tx, guess)
    return openAttempt(tx, {
      purpose: 'sign-in',
      stage,
      subject: user.subject,
      epoch: user.credentialEpoch,
      methods: ['password'],
    })
  })
}

export interface SecondFactorSubmission {
  readonly attempt: Secret
  readonly factor: SubmittedFactor
  readonly transport: Transport
  readonly remember?: boolean
}

export type SubmittedFactor =
  | { readonly kind: 'totp' | 'recovery-code'; readonly code: string }
  | { readonly kind: 'passkey'; readonly response: AuthenticationResponse }

/**
 * Verifies the second factor and finishes the sign-in, or holds it for a review. Throws `attempt.ended`, `attempt.wrong_stage`, `throttle.blocked`, `service.busy`,
 * by kind `attempt.code_wrong`, `attempt.code_used`, `attempt.clock_drift`, `attempt.recovery_code_wrong`,
 * `attempt.recovery_code_used`, `sign_in.factor_not_allowed`, `passkey.refused`, `passkey.challenge_ended`, and `sign_in.disabled` once all factors were verified.
 */
export function proveSecondFactor(ctx: ProveDeps, submission: SecondFactorSubmission): Promise<FinishOutcome> {
  return proveFactor(ctx, submission)
}

type ProveDeps = With<
  'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config' | 'hasher' | 'limits' | 'log'
>

/** @param evaluated the effective policy, if this request has evaluated it already */
async function proveFactor(
  ctx: ProveDeps,
  { attempt: token, factor: submitted, transport, remember }: SecondFactorSubmission,
  evaluated?: UserPolicy,
): Promise<FinishOutcome> {
  const { attempt, user } = await readAttempt(ctx, token, 'second-factor')
  if (user === undefined) throw new Refusal('attempt.ended')
  const policy = evaluated ?? (await policyBeforeFactors(ctx, user))
  await refuseDisallowed(ctx, policy, user, [...attempt.methods, submitted.kind])
  const kinds = FACTOR_BUCKETS[submitted.kind]
  const guess = kinds.length === 0 ? NO_GUESS : bucketsFor(ctx, user, kinds)
  if (kinds.length > 0) await consumeGuess(ctx, guess)
  const proof: SecondFactorInput =
    submitted.kind === 'passkey' ? { ...submitted, purpose: 'second-factor', boundTo: attempt.id } : submitted
  const check = await refundOnBusy(ctx, guess, () => checkSecondFactor(ctx, user.subject, proof))
  const methods = [...attempt.methods, submitted.kind]
  const signIn: SignInFacts = { user, guess, methods, transport, attemptId: attempt.id, remember }
  if (check.outcome === 'refused') return refuseFactor(ctx, signIn, check, submitted)
  const shutOut = await whyShutOut(ctx, user)
  if (shutOut !== undefined) return refuseShutOut(ctx, signIn, shutOut, check.consume)
  return (await completeWith(ctx, signIn, check.consume)) ?? refuseFactor(ctx, signIn, check.alreadyConsumed, submitted)
}

type SignInFacts = FinishedSignIn & { readonly user: User }

/** Consumes a one-time value that matched; true for one of several parallel calls. */
type Consume = (tx: InTransaction<With<'db' | 'now'>>) => Promise<boolean>

/** Consumes the factor and finishes the sign-in in one transaction; undefined if a concurrent request consumed the factor. */
export function completeWith(
  ctx: FinishDeps,
  signIn: SignInFacts,
  consume: Consume,
): Promise<FinishOutcome | undefined> {
  return inTransaction(ctx, async (tx) => ((await consume(tx)) ? finishSignIn(tx, signIn) : undefined))
}

async function refuseFactor(
  ctx: With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config' | 'limits' | 'log'>,
  { user, guess }: SignInFacts,
  { kind, reason, refusal, replay }: FactorFailure,
  submitted: SubmittedFactor,
): Promise<never> {
  // No bucket counts passkeys, so the request rate of the network bounds their refusals.
  if (submitted.kind === 'passkey') limitRequestRate(ctx)
  const minutesAhead = await disclosedDrift(ctx, user, reason, submitted)
  const failure = { reason, factor: kind, replay, minutesAhead }
  const id = await recordFailedGuess(ctx, { action: 'sign_in.second_step_refused', user, guess, failure })
  if (minutesAhead !== undefined) throw new Refusal('attempt.clock_drift', { minutesAhead }, { id })
  throw new Refusal(refusal, {}, { id })
}

/** Discloses the drift of the clock that made a wrong code, in minutes ahead; undefined where there is none to disclose. */
export async function disclosedDrift(
  ctx: With<'db' | 'now' | 'keyring' | 'log'>,
  { subject }: User,
  reason: FailedVerification['reason'],
  submitted: SubmittedFactor | undefined,
): Promise<number | undefined> {
  if (reason !== 'wrong_code' || submitted?.kind !== 'totp') return undefined
  return discloseClockDrift(ctx, await detectClockDrift(ctx, subject, submitted.code))
}

// The factor matched, so it is consumed although the sign-in is refused: it must not be accepted later (replay).
async function refuseShutOut(
  ctx: With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>,
  { user, guess }: SignInFacts,
  reason: ShutOutReason,
  consume: Consume,
): Promise<never> {
  await inTransaction(ctx, consume)
  const id = await recordFailedGuess(ctx, { action: 'sign_in.refused', user, guess, failure: { reason } })
  throw new Refusal('sign_in.disabled', {}, { id })
}
