// Sign-in attempts: opens an attempt, reads it for its next step, and finishes it, which starts the session (decision 0002).
//
//   openAttempt ──┬──►  second-factor  ──┬──  finishSignIn  ──┬──►  consumed: the session exists
//                 ├──►  enrolment  ──────┤                    └──►  review  ──  reviewed, then finishSignIn
//                 └──────────────────────┴──  expired, credentials changed or user deleted  ──►  ended
import { recordEvent } from '#domain/audit/audit.service.ts'
import type { FactorKind } from '#domain/factors/factor-kind.ts'
import { recoveryCodesLeft } from '#domain/factors/recovery-codes/recovery-code.service.ts'
import { termsFromPolicy } from '#domain/policies/evaluation/session-rules.service.ts'
import { userPolicy } from '#domain/policies/evaluation/user-policy.service.ts'
import type { DeviceGrant } from '#domain/remembered-devices/remembered-device.service.ts'
import { endReplacedSession } from '#domain/sessions/replaced-session.service.ts'
import { startSession } from '#domain/sessions/session.service.ts'
import { issueDeviceCookie } from '#domain/throttle/device-cookie.service.ts'
import { type Guess, recordSuccess } from '#domain/throttle/throttle.service.ts'
import { isShutOut } from '#domain/users/account-expiry.service.ts'
import { findUser, noteSignIn } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import { meetsSignInAssurance, REMEMBERED_METHOD } from '#foundation/kernel/assurance.ts'
import type { PrincipalUser, SessionFacts, SessionTerms, Transport } from '#foundation/kernel/principal.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { hashOf, newSecretToken } from '#foundation/kernel/secret-token.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import { hours, type Instant } from '#foundation/kernel/time.ts'
import { consumeOnce } from '#foundation/platform/database/consume-once.ts'
import { clampFutureRows } from '#foundation/platform/database/future-rows.ts'
import {
  deleteAttempts,
  insertAttempt,
  putSetupKey,
  renameAnswersInAttempts,
  selectAttempt,
} from './attempt.queries.ts'
import { type Attempt, type AttemptStage, attemptStatus, type NewProfile, NO_PROFILE } from './attempt.ts'
import { settleFormerSession } from './former-session.service.ts'
import { notifyOfSignIn } from './joining.service.ts'
import { stepByPolicy } from './policy-step.service.ts'
import { maySkipSecondFactor, rememberIfAllowed } from './remembering.service.ts'

const PREFIX = 'dwt_'

export interface NewAttempt extends Pick<Attempt, 'purpose' | 'stage' | 'subject' | 'epoch' | 'methods'> {
  readonly profile?: NewProfile
  readonly linkId?: string
}

export interface OpenedAttempt {
  /** The token that the client sends with the next step; only its hash is stored. */
  readonly attempt: Secret
  readonly expiresAt: Instant
}

/** Stores an attempt that expires after the configured lifetime; returns it with its token. */
export async function openAttempt(
  ctx: With<'db' | 'now' | 'newId' | 'random' | 'config'>,
  { profile = NO_PROFILE, linkId, ...wanted }: NewAttempt,
): Promise<OpenedAttempt> {
  const token = newSecretToken(ctx.random, PREFIX)
  const expiresAt = ctx.now + ctx.config.attemptLifetime
  const state = { id: ctx.newId(), expiresAt, consumedAt: null, factorId: null, sealedSecret: null }
  await insertAttempt(ctx.db, { ...wanted, ...state, profile, linkId: linkId ?? null }, hashOf(token), ctx.now)
  return { attempt: token, expiresAt }
}

export interface ReadAttempt {
  readonly attempt: Attempt
  /** A set-up and a registration have no user until they are confirmed. */
  readonly user: User | undefined
}

/**
 * Returns an open attempt. Throws `attempt.ended` if it is unknown, consumed, expired or ended by a change of credentials or, at the enrolment, by the end of the account, and
 * `attempt.wrong_stage` if it is at another stage than `stage`.
 */
export async function readAttempt(ctx: With<'db' | 'now'>, token: Secret, stage?: AttemptStage): Promise<ReadAttempt> {
  const attempt = await selectAttempt(ctx.db, hashOf(token))
  if (attempt === undefined) throw new Refusal('attempt.ended')
  const user = await findUser(ctx, attempt.subject)
  if (attemptStatus(attempt, { epoch: user?.credentialEpoch }, ctx.now) === 'ended') throw new Refusal('attempt.ended')
  if (user !== undefined && attempt.stage === 'enrolment' && (await isShutOut(ctx, user)))
    throw new Refusal('attempt.ended')
  if (stage !== undefined && attempt.stage !== stage) throw new Refusal('attempt.wrong_stage')
  return { attempt, user }
}

/** Stores the setup key of the attempt, unless another request has; returns the attempt with the stored one. Throws `attempt.ended`. */
export async function keepSetupKey(
  { db }: With<'db'>,
  token: Secret,
  attempt: Attempt & { readonly factorId: string; readonly sealedSecret: string },
): Promise<Attempt> {
  if (await putSetupKey(db, attempt.id, attempt)) return attempt
  const other = await selectAttempt(db, hashOf(token))
  if (other === undefined) throw new Refusal('attempt.ended')
  return other
}

/** Gives what people who are joining have answered to one attribute another key. */
export function renameAttemptAnswers({ db }: With<'db'>, key: string, renamed: string): Promise<void> {
  return renameAnswersInAttempts(db, key, renamed)
}

export interface AttemptDescription extends Pick<Attempt, 'stage' | 'purpose' | 'expiresAt'> {
  readonly username: string
}

/** Returns what a page shows of an attempt: username, stage, purpose and expiry. Throws as `readAttempt` does. */
export async function describeAttempt(ctx: With<'db' | 'now'>, token: Secret): Promise<AttemptDescription> {
  const { attempt, user } = await readAttempt(ctx, token)
  const { stage, purpose, expiresAt, profile } = attempt
  return { username: user?.username ?? profile.username ?? '', stage, purpose, expiresAt }
}

/** The dependencies of `finishSignIn`. */
export type FinishDeps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>

export interface FinishedSignIn {
  readonly user: User
  /** The verified factors, in order; they decide the assurance level of the session. */
  readonly methods: readonly FactorKind[]
  readonly transport: Transport
  /** The attempt to consume; null if one request has verified all factors. */
  readonly attemptId: string | null
  /** The guess that was consumed for the last verification; recorded as a success. */
  readonly guess: Guess
  /** Whether the same transaction notifies the user of a change, so that a notice of a new device would say nothing more. */
  readonly isNotified?: boolean
  /** Whether the user asked to skip the second factor in this browser from now on. It is ignored where the policy does not allow it. */
  readonly remember?: boolean | undefined
  /** What `useRememberedDevice` returned in this transaction, instead of a second factor. */
  readonly remembered?: DeviceGrant | undefined
}

/** A complete sign-in that starts no session: the attempt at stage `review` leads to the review. */
export type HeldSignIn = { readonly stage: 'review' } & OpenedAttempt

/** A sign-in whose factors do not satisfy the policies: the attempt leads to the enrolment of a factor that they allow. */
export type EnrolmentNeeded = { readonly stage: 'enrolment' } & OpenedAttempt

/** What `finishSignIn` returns. */
export type FinishOutcome = SignInResult | HeldSignIn | EnrolmentNeeded

export interface SignInResult {
  readonly stage: 'complete'
  readonly user: PrincipalUser
  readonly session: SessionFacts
  readonly terms: SessionTerms
  readonly token: Secret
  /** The new value of the device cookie; null for the bearer transport. */
  readonly browser: Secret | null
  /** What the browser gets where it is remembered; null otherwise. */
  readonly remembered: DeviceGrant | null
  /** How many recovery codes are left; null if none was used in this sign-in. */
  readonly recoveryCodesLeft: number | null
}

/**
 * Starts a session; no other function does, so the assurance level of a session is decided here. The transaction is the one that consumes
 * the factor. Consumes the attempt, starts the session, ends the former session of the browser or takes over the apps of an idle one, records the guess as a success, notifies
 * the user of a new device and writes the event. Where a review of the account is due, it opens an attempt at stage `review` instead of a
 * session; where the factors do not satisfy the policies, one at stage `enrolment`. Throws `attempt.ended` if the attempt was consumed
 * before, `sign_in.incorrect` if the user was deleted or the account has ended, and `sign_in.factor_not_allowed`.
 */
export async function finishSignIn(ctx: InTransaction<FinishDeps>, signIn: FinishedSignIn): Promise<FinishOutcome> {
  const { user, methods, transport, attemptId, guess } = signIn
  // A last check, in case an entry point omits the second factor of a user who has one (second-factor bypass).
  if (!meetsSignInAssurance(methods, user) && !maySkipSecondFactor(signIn))
    throw new Error('A sign-in was to be finished with too few factors')
  if (attemptId !== null && !(await consumeOnce(ctx.db, 'attempt', attemptId, ctx.now)))
    throw new Refusal('attempt.ended')
  // The account may have ended since the factors were verified, or an entry point may have omitted that check.
  if (await isShutOut(ctx, user)) throw new Refusal('sign_in.incorrect')
  if (!(await noteSignIn(ctx, user.subject))) return holdForReview(ctx, signIn)
  // Read after the user's row was written: a policy that became stricter since the first step decides here, and again at each access.
  const policy = await userPolicy(ctx, user)
  const verified = signIn.remembered === undefined ? methods : [...methods, REMEMBERED_METHOD]
  const step = await stepByPolicy(ctx, user, { policy, methods: verified })
  if (step === 'refused') throw new Refusal('sign_in.factor_not_allowed')
  if (step === 'enrolment') return holdForEnrolment(ctx, signIn)
  if (transport === 'cookie') await endReplacedSession(ctx)
  const { session, token } = await startSession(ctx, { user, methods: verified, transport })
  const appsOf =
    transport === 'cookie' && (await settleFormerSession(ctx, { subject: user.subject, sessionId: session.id }))
  await recordSuccess(ctx, guess)
  await recordEvent(ctx, {
    action: 'sign_in.succeeded',
    actor: user.subject,
    target: user.subject,
    details: { session: session.id, transport, methods: verified.join(' '), ...(appsOf && { apps_of: appsOf }) },
  })
  await notifyOfSignIn(ctx, signIn)
  return {
    stage: 'complete',
    user: { ...user, lastSignInAt: ctx.now },
    session,
    terms: termsFromPolicy(policy),
    token,
    browser: transport === 'cookie' ? issueDeviceCookie(ctx, user) : null,
    remembered: signIn.remembered ?? (await rememberIfAllowed(ctx, policy, signIn)),
    recoveryCodesLeft: methods.includes('recovery-code') ? (await recoveryCodesLeft(ctx, user.subject)).left : null,
  }
}

// The attempt has the epoch at which the factors were verified: a report that came after them has ended it.
async function holdForReview(ctx: InTransaction<FinishDeps>, signIn: FinishedSignIn): Promise<HeldSignIn> {
  const { user, methods, guess } = signIn
  const { subject, credentialEpoch: epoch } = user
  refuseWithoutSecondFactor(signIn)
  // The user was deleted since the password was verified: the answer is that for an unknown name.
  if ((await findUser(ctx, subject)) === undefined) throw new Refusal('sign_in.incorrect')
  await recordSuccess(ctx, guess)
  const details = { methods: methods.join(' ') }
  await recordEvent(ctx, { action: 'review.reached', actor: subject, target: subject, details })
  const opened = await openAttempt(ctx, { purpose: 'sign-in', stage: 'review', subject, epoch, methods })
  return { stage: 'review', ...opened }
}

// The attempt keeps the factors that were verified, so that the one that is enrolled completes them.
async function holdForEnrolment(ctx: InTransaction<FinishDeps>, signIn: FinishedSignIn): Promise<EnrolmentNeeded> {
  const { user, methods, guess } = signIn
  const { subject, credentialEpoch: epoch } = user
  refuseWithoutSecondFactor(signIn)
  await recordSuccess(ctx, guess)
  const opened = await openAttempt(ctx, { purpose: 'sign-in', stage: 'enrolment', subject, epoch, methods })
  return { stage: 'enrolment', ...opened }
}

// A review and an enrolment need every factor. A remembered device that reaches them was overtaken by a report or by another policy.
function refuseWithoutSecondFactor({ remembered }: FinishedSignIn): void {
  if (remembered !== undefined) throw new Refusal('sign_in.incorrect')
}

/** Lets attempts that were opened while a clock was ahead expire after their usual lifetime from now on. */
export function clampAttemptTimes(ctx: With<'db' | 'now'>): Promise<void> {
  return clampFutureRows(ctx.db, 'attempt', ctx.now)
}

/** Deletes attempts that expired more than an hour ago. */
export function deleteExpiredAttempts(ctx: With<'db' | 'now'>): Promise<void> {
  return deleteAttempts(ctx.db, ctx.now - hours(1))
}
