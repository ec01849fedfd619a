// The review of a reported account, between the last factor of a sign-in and its session.
import { type FinishDeps, finishSignIn, openAttempt, readAttempt } from '#domain/attempts/attempt.service.ts'
import type { Attempt } from '#domain/attempts/attempt.ts'
import { recordEvent } from '#domain/audit/audit.service.ts'
import { auditedChange } from '#domain/authorization/audited-change.service.ts'
import { hasSecondFactor } from '#domain/factors/last-factor.ts'
import { listPasskeys, type Passkey, removePasskey } from '#domain/factors/passkeys/passkey.service.ts'
import { fieldErrorsInNewPassword, newPasswordHash, verifyPassword } from '#domain/factors/password/password.service.ts'
import { dropRecoveryCodes, recoveryCodesLeft } from '#domain/factors/recovery-codes/recovery-code.service.ts'
import { confirmedApps, removeTotp } from '#domain/factors/totp/totp.service.ts'
import { notifyUser } from '#domain/notices/notice.service.ts'
import { type DueReview, dueReview, endReview } from '#domain/notices/review.service.ts'
import { passwordPolicy } from '#domain/policies/password-policy.service.ts'
import { userPolicy } from '#domain/policies/stored-policy.service.ts'
import { NO_GUESS, resetGuessesAt } from '#domain/throttle/throttle.service.ts'
import { isLastAdmin } from '#domain/users/last-admin.service.ts'
import type { User } from '#domain/users/user.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import type { Transport } from '#foundation/kernel/principal.ts'
import { Refusal, requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { consumeOnce } from '#foundation/platform/database/consume-once.ts'
import type { SignInStep } from './sign-in.service.ts'

/** The name of the recovery codes among the factors that a review removes. */
export const RECOVERY_CODES = 'recovery-codes'

interface Reviewing extends Pick<DueReview, 'reports' | 'unchanged'> {
  readonly attempt: Attempt
  readonly user: User
  readonly isAdminNeeded: boolean
}

async function readReviewing(ctx: With<'db' | 'now' | 'config'>, token: Secret): Promise<Reviewing> {
  const { attempt, user } = await readAttempt(ctx, token, 'review')
  // The review was lifted since: the user signs in again.
  if (user === undefined || user.reviewRequiredAt === null) throw new Refusal('attempt.ended')
  const { by, ...review } = await dueReview(ctx, user, attempt.methods)
  return { attempt, user, ...review, isAdminNeeded: by === 'admin' }
}

/** What was answered with "This wasn't me", and the second factors with which another sign-in ends the review. */
export interface AccountReview extends Pick<DueReview, 'reports' | 'unchanged'> {
  readonly user: User
  readonly expiresAt: Instant
  /** Whether this sign-in cannot end the review: an admin or the operator must lift it, unless a factor is unchanged. */
  readonly isAdminNeeded: boolean
  /** Whether only the operator can: the user is the last active admin. */
  readonly isLastAdmin: boolean
  readonly apps: readonly { readonly id: string; readonly name: string; readonly createdAt: Instant }[]
  readonly passkeys: readonly Passkey[]
  readonly recoveryCodesLeft: number
}

/** Returns what the review page shows. Throws `attempt.ended`, `attempt.wrong_stage`. */
export async function readReview(ctx: With<'db' | 'now' | 'config'>, token: Secret): Promise<AccountReview> {
  const { attempt, user, reports, unchanged, isAdminNeeded } = await readReviewing(ctx, token)
  const { expiresAt } = attempt
  return {
    user,
    expiresAt,
    reports,
    unchanged,
    isAdminNeeded,
    isLastAdmin: await isLastAdmin(ctx, user),
    apps: await confirmedApps(ctx, user.subject),
    passkeys: await listPasskeys(ctx, user.subject),
    recoveryCodesLeft: (await recoveryCodesLeft(ctx, user.subject)).left,
  }
}

export interface ReviewInput {
  readonly attempt: Secret
  readonly password: Secret
  /** The ids of apps and passkeys to remove, and `RECOVERY_CODES`; unknown ones are ignored. */
  readonly remove: readonly string[]
  readonly transport: Transport
}

type Deps = FinishDeps & With<'hasher' | 'knownPasswords'>

/**
 * Sets the new password, removes the factors, ends the review and finishes the sign-in in one transaction; or opens an attempt at stage
 * `enrolment` where no second factor is left and one is needed. Throws `attempt.ended`, `attempt.wrong_stage`,
 * `account.review_by_admin`, `sign_in.disabled`, `request.validation_failed`, `service.busy`.
 */
export async function completeReview(ctx: Deps, input: ReviewInput): Promise<SignInStep> {
  const { user, attempt } = await readReviewing(ctx, input.attempt)
  await requireAnotherPassword(ctx, user, attempt, input.password)
  const hashedPassword = await newPasswordHash(ctx, input.password)
  return auditedChange(ctx, { action: 'review.completed', target: user.subject, authorizedBy: 'token' }, (tx) =>
    storeReview(tx, input, hashedPassword),
  )
}

// The former password is compared only where this sign-in has verified it, so that the answer reveals nothing.
async function requireAnotherPassword(ctx: Deps, user: User, { methods }: Attempt, password: Secret): Promise<void> {
  requireNoFieldErrors(await fieldErrorsInNewPassword(ctx, { policy: await passwordPolicy(ctx), password, user }))
  if (!methods.includes('password')) return
  const { matched } = await verifyPassword(ctx, user, password)
  if (matched) requireNoFieldErrors([{ pointer: '/password', code: 'password.unchanged' }])
}

async function storeReview(
  tx: InTransaction<Deps>,
  { attempt: token, remove, transport }: ReviewInput,
  hashedPassword: Secret,
): Promise<SignInStep> {
  const { attempt, user, isAdminNeeded } = await readReviewing(tx, token)
  if (isAdminNeeded) throw new Refusal('account.review_by_admin')
  if (user.disabled) throw new Refusal('sign_in.disabled')
  const { removed, changes } = await removeFactors(tx, user, remove)
  const password = { hashedPassword, passwordChangeAskedAt: null }
  const changed = await endReview(tx, user, { ...changes, ...password }, { bumpEpoch: true })
  for (const factor of ['password', 'code', 'recovery'] as const) await resetGuessesAt(tx, user.subject, factor)
  const { subject, username } = user
  const details = { username, removed }
  await recordEvent(tx, { action: 'review.completed', actor: subject, target: subject, details })
  await notifyUser(tx, changed, 'password-changed')
  const { id: attemptId, methods } = attempt
  const { secondFactor } = await userPolicy(tx, changed)
  if (changed.secondFactorAt === null && secondFactor !== 'optional') return openEnrolment(tx, changed, attemptId)
  return finishSignIn(tx, { user: changed, methods, transport, attemptId, guess: NO_GUESS, isNotified: true })
}

/** Removes the factors of the user that are named, and the recovery codes with the last factor. */
async function removeFactors(tx: Deps, user: User, remove: readonly string[]) {
  const { subject } = user
  let removed = 0
  for (const { id } of await confirmedApps(tx, subject))
    if (remove.includes(id) && (await removeTotp(tx, { subject, id }))) removed += 1
  for (const { id } of await listPasskeys(tx, subject))
    if (remove.includes(id) && (await removePasskey(tx, { subject, id }))) removed += 1
  const left = {
    apps: (await confirmedApps(tx, subject)).length,
    passkeys: (await listPasskeys(tx, subject)).length,
  }
  const isWithout = !hasSecondFactor(left)
  if (isWithout || remove.includes(RECOVERY_CODES)) await dropRecoveryCodes(tx, subject)
  const changes = {
    ...(left.passkeys === 0 && { passkeyAt: null }),
    ...(isWithout && { secondFactorAt: null }),
  }
  return { removed, changes }
}

async function openEnrolment(tx: Deps, user: User, attemptId: string): Promise<SignInStep> {
  if (!(await consumeOnce(tx.db, 'attempt', attemptId, tx.now))) throw new Refusal('attempt.ended')
  const { subject, credentialEpoch: epoch } = user
  const opened = await openAttempt(tx, {
    purpose: 'sign-in',
    stage: 'enrolment',
    subject,
    epoch,
    methods: ['password'],
  })
  return { stage: 'enrolment', ...opened }
}
