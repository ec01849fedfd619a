import { recordEvent } from '../audit/audit.service.ts'
import type { With } from '../../foundation/context.ts'
import type { FactorKind } from '../factors/factor-kind.ts'
import { recoveryCodesLeft } from '../factors/recovery-codes/recovery-code.service.ts'
import { meetsSignInAssurance } from '../../foundation/kernel/assurance.ts'
import type { SessionFacts, PrincipalUser, Transport } from '../../foundation/kernel/principal.ts'
import { Refusal } from '../../foundation/kernel/refusal.ts'
import { hashOf, newSecretToken } from '../../foundation/kernel/secret-token.ts'
import type { Secret } from '../../foundation/kernel/secret.ts'
import { hours } from '../../foundation/kernel/time.ts'
import type { Instant } from '../../foundation/kernel/time.ts'
import { consumeOnce } from '../../foundation/platform/database/consume-once.ts'
import { cutAhead } from '../../foundation/platform/database/cut-ahead.ts'
import { endSession, startSession } from '../sessions/session.service.ts'
import { recordSuccess } from '../throttle/throttle.service.ts'
import { issueDeviceCookie } from '../throttle/device-cookie.service.ts'
import type { Guess } from '../throttle/throttle.service.ts'
import type { User } from '../users/user.ts'
import { findUser, noteSignIn } from '../users/user.service.ts'
import { attemptStatus, NO_PROFILE } from './attempt.ts'
import type { Attempt, AttemptPurpose, AttemptStage, NewProfile } from './attempt.ts'
import { deleteAttempts, insertAttempt, selectAttempt } from './attempt.queries.ts'

const PREFIX = 'dwt_'

export interface NewAttempt {
  readonly purpose: AttemptPurpose
  readonly stage: AttemptStage
  readonly subject: string
  readonly epoch: number
  readonly methods: readonly FactorKind[]
  readonly profile?: NewProfile
  readonly linkId?: string
}

export interface OpenedAttempt {
  /** What its owner shows at the next step; only its hash is kept. */
  readonly attempt: Secret
  readonly expiresAt: Instant
}

/** Begins an attempt that lives for the configured time. */
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

/** An attempt whose person exists, or will exist once a set-up is confirmed. */
export interface ReadAttempt {
  readonly attempt: Attempt
  readonly user: User | undefined
}

/**
 * Reads an attempt that can go on. Refuses with `attempt.ended` when it is unknown, spent, over or overtaken by a change
 * of credentials, and with `attempt.wrong_stage` when it is at another step.
 */
export async function readAttempt(ctx: With<'db' | 'now'>, token: Secret, stage?: AttemptStage): Promise<ReadAttempt> {
  const attempt = await selectAttempt(ctx.db, hashOf(token))
  if (attempt === undefined) throw new Refusal('attempt.ended')
  const user = await findUser(ctx, attempt.subject)
  if (attemptStatus(attempt, { epoch: user?.credentialEpoch }, ctx.now) === 'ended') throw new Refusal('attempt.ended')
  if (stage !== undefined && attempt.stage !== stage) throw new Refusal('attempt.wrong_stage')
  return { attempt, user }
}

export interface AttemptDescription {
  readonly username: string
  readonly stage: AttemptStage
  readonly purpose: AttemptPurpose
  readonly expiresAt: Instant
}

/** What a page says about an attempt: who is signing in, and where they stand. */
export async function describeAttempt(ctx: With<'db' | 'now'>, token: Secret): Promise<AttemptDescription> {
  const { attempt, user } = await readAttempt(ctx, token)
  const { stage, purpose, expiresAt, profile } = attempt
  return { username: user?.username ?? profile.username ?? '', stage, purpose, expiresAt }
}

export interface FinishedSignIn {
  readonly user: PrincipalUser
  /** Everything proven, in order: what the session is worth. */
  readonly methods: readonly FactorKind[]
  readonly transport: Transport
  /** The attempt it completes; null where one request did it all. */
  readonly attemptId: string | null
  /** What was drawn for it and is given back now. */
  readonly guess: Guess
}

export interface SignInResult {
  readonly stage: 'complete'
  readonly user: PrincipalUser
  readonly session: SessionFacts
  readonly token: Secret
  /** What the browser is known by from now on; null for a program. */
  readonly browser: Secret | null
  /** How many recovery codes are left, where one of them was used. */
  readonly recoveryCodesLeft: number | null
}

/**
 * The only place where a session begins, and so the only one that says how strong it is. Call it inside the transaction
 * that spends the proof. Spends the attempt (or refuses with `attempt.ended` when somebody else did, and with
 * `sign_in.incorrect` when the account is gone, which rolls the rest back), starts the session, ends the one this browser had,
 * clears the person's failures and writes the event.
 */
export async function finishSignIn(
  ctx: With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>,
  { user, methods, transport, attemptId, guess }: FinishedSignIn,
): Promise<SignInResult> {
  // Whatever door forgot to ask: nobody who has a second factor comes in with one factor.
  if (!meetsSignInAssurance(methods, user)) throw new Error('A sign-in was to be finished with too few factors')
  if (attemptId !== null && !(await consumeOnce(ctx.db, 'attempt', attemptId, ctx.now)))
    throw new Refusal('attempt.ended')
  if (transport === 'cookie') await endReplacedSession(ctx)
  // Deleted since the password was looked at: as if there had never been such a name.
  if (!(await noteSignIn(ctx, user.subject))) throw new Refusal('sign_in.incorrect')
  const { session, token } = await startSession(ctx, { user, methods, transport })
  await recordSuccess(ctx, guess)
  await recordEvent(ctx, {
    action: 'sign_in.succeeded',
    actor: user.subject,
    target: user.subject,
    details: { session: session.id, transport, methods: methods.join(' ') },
  })
  return {
    stage: 'complete',
    user: { ...user, lastSignInAt: ctx.now },
    session,
    token,
    browser: transport === 'cookie' ? issueDeviceCookie(ctx, user) : null,
    recoveryCodesLeft: methods.includes('recovery-code') ? (await recoveryCodesLeft(ctx, user.subject)).left : null,
  }
}

// A browser has one session cookie: the session behind the old one must not outlive it.
async function endReplacedSession(
  ctx: With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>,
): Promise<void> {
  const { principal } = ctx
  if (principal.kind !== 'session' || principal.session.transport !== 'cookie') return
  const { subject } = principal.user
  const { id } = principal.session
  if (await endSession(ctx, { subject, id })) {
    await recordEvent(ctx, { action: 'session.ended', target: subject, details: { session: id, by: 'new sign-in' } })
  }
}

/** Attempts made while a clock was ahead live as long as any other, from now on. */
export function clampAttemptTimes(ctx: With<'db' | 'now'>): Promise<void> {
  return cutAhead(ctx.db, 'attempt', ctx.now)
}

/** Deletes attempts that ended more than an hour ago. */
export function deleteExpiredAttempts(ctx: With<'db' | 'now'>): Promise<void> {
  return deleteAttempts(ctx.db, ctx.now - hours(1))
}
