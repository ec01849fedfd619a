// Sets a new password by a mailed link. It removes no second factor, and starts a session only where the password alone would.
import { listApiTokens, revokeApiTokensOf } from '#domain/api-tokens/api-token.service.ts'
import { finishSignIn, openAttempt } from '#domain/attempts/attempt.service.ts'
import { recordEvent } from '#domain/audit/audit.service.ts'
import { auditedChange } from '#domain/authorization/audited-change.service.ts'
import { fieldErrorsInNewPassword, newPasswordHash } from '#domain/factors/password/password.service.ts'
import { consumeLink, readLink } from '#domain/links/link.service.ts'
import type { Link } from '#domain/links/link.ts'
import { noteNotifiedSignIn, notifyUser } from '#domain/notices/notice.service.ts'
import { passwordPolicy } from '#domain/policies/password-policy.service.ts'
import { endSessionsOf } from '#domain/sessions/session.service.ts'
import { NO_GUESS, resetGuessesAt } from '#domain/throttle/throttle.service.ts'
import { whyShutOut } from '#domain/users/account-expiry.service.ts'
import { findUser, updateUser } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import type { Transport } from '#foundation/kernel/principal.ts'
import { Refusal, requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import { completeExternalRow } from '#use-cases/sign-in/credentials.service.ts'
import { offeredFactors, policyBeforeFactors, stepAfterPassword } from '#use-cases/sign-in/policy-steps.service.ts'
import type { SignInStep } from '#use-cases/sign-in/sign-in.service.ts'
import { isStillFor } from './password-reset.ts'
import { notifyOtherAdmins } from './recovery-mails.service.ts'

type Deps = With<
  'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'hasher' | 'config' | 'knownPasswords' | 'limits'
>

export interface ResetLink {
  readonly link: Link
  readonly user: User
}

/**
 * Returns the link and its user, and consumes nothing, so that a mail scanner may open the link. Throws `link.unknown` also for a user who was
 * deleted or is shut out, `link.expired`, and `link.used` also if credentials or email have changed since.
 */
export async function readResetLink(ctx: With<'db' | 'now'>, token: Secret): Promise<ResetLink> {
  const link = await readLink(ctx, token, 'password-reset')
  const user = link.subject === null ? undefined : await findUser(ctx, link.subject)
  if (user === undefined || (await whyShutOut(ctx, user)) !== undefined) throw new Refusal('link.unknown')
  if (!isStillFor(link, user)) throw new Refusal('link.used')
  return { link, user }
}

export interface NewPasswordByLink {
  readonly token: Secret
  readonly password: Secret
  readonly transport: Transport
  /** Whether to revoke the user's API tokens as well, which is the default: who has forgotten the password may have lost it to another person. */
  readonly endApiTokens?: boolean | undefined
}

/** Returns how many API tokens a new password can revoke. Call it for a link that was read. */
export async function revocableTokens(ctx: With<'db' | 'now'>, { user }: ResetLink): Promise<number> {
  return (await listApiTokens(ctx, user.subject)).length
}

/**
 * Stores the new password, which ends sessions, attempts and links of the user (credential epoch) and their API tokens, and returns the next step of a sign-in
 * whose password is proven. Throws the codes of `readResetLink`, `request.validation_failed` and `service.busy`.
 */
export async function resetPasswordByLink(
  ctx: Deps,
  { token, password, transport, endApiTokens = true }: NewPasswordByLink,
): Promise<SignInStep> {
  const { user: seen } = await readResetLink(ctx, token)
  const checked = (await completeExternalRow(ctx, seen)) ?? seen
  requireNoFieldErrors(
    await fieldErrorsInNewPassword(ctx, { policy: await passwordPolicy(ctx), password, user: checked }),
  )
  const hashedPassword = await newPasswordHash(ctx, password)
  return auditedChange(ctx, { authorizedBy: 'token' }, async (tx) => {
    const { link, user } = await readResetLink(tx, token)
    if (!(await consumeLink(tx, link.id))) throw new Refusal('link.used')
    const changed = await storeForgottenPassword(tx, user, { hashedPassword, endApiTokens })
    // An unreadable TOTP secret of an externally inserted row counts as a second factor that never matches (fail closed).
    const secondFactorAt = changed.secondFactorAt ?? checked.secondFactorAt
    return nextStep(tx, { ...changed, secondFactorAt }, transport)
  })
}

interface Stored {
  readonly hashedPassword: Secret
  readonly endApiTokens: boolean
}

async function storeForgottenPassword(
  tx: InTransaction<Deps>,
  user: User,
  { hashedPassword, endApiTokens }: Stored,
): Promise<User> {
  const { subject, username } = user
  const changed = await updateUser(tx, user, { hashedPassword, passwordChangeAskedAt: null })
  const sessions = await endSessionsOf(tx, subject)
  const revoked = endApiTokens ? await revokeApiTokensOf(tx, subject) : 0
  const kept = (await listApiTokens(tx, subject)).length
  // Guesses at the former password say nothing about the new one. Those at codes stay counted.
  await resetGuessesAt(tx, subject, 'password')
  const details = { username, sessions, api_tokens: revoked, api_tokens_kept: kept }
  await recordEvent(tx, { action: 'password.reset', actor: null, target: subject, details })
  await notifyUser(tx, changed, 'password-reset', {
    ...(revoked > 0 && { revoked_tokens: String(revoked) }),
    ...(kept > 0 && { kept_tokens: String(kept) }),
  })
  return changed
}

/** The step that a sign-in with the new password would reach. */
async function nextStep(tx: InTransaction<Deps>, user: User, transport: Transport): Promise<SignInStep> {
  const policy = await policyBeforeFactors(tx, user)
  const { stage } = await stepAfterPassword(tx, policy, user, true)
  if (stage === 'refused') throw new Refusal('link.unknown')
  const methods = ['password'] as const
  if (stage === 'complete') {
    return finishSignIn(tx, { user, guess: NO_GUESS, methods, transport, attemptId: null, isNotified: true })
  }
  const { subject, credentialEpoch: epoch } = user
  const opened = await openAttempt(tx, { purpose: 'sign-in', stage, subject, epoch, methods })
  if (stage === 'second-factor') {
    // The notice of the new password also covers the sign-in that follows.
    await noteNotifiedSignIn(tx, user)
    return { stage, offered: await offeredFactors(tx, policy, user), ...opened }
  }
  await notifyOtherAdmins(tx, user)
  return { stage, ...opened }
}
