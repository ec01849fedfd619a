// Changes the user’s own password.
import { revokeApiTokensOf } from '#domain/api-tokens/api-token.service.ts'
import { recordEvent } from '#domain/audit/audit.service.ts'
import { fieldErrorsInNewPassword, newPasswordHash, verifyPassword } from '#domain/factors/password/password.service.ts'
import { notifyUser } from '#domain/notices/notice.service.ts'
import { passwordPolicy } from '#domain/policies/evaluation/password-policy.service.ts'
import { secondFactorPolicy } from '#domain/policies/policy.service.ts'
import { requireSecondFactorVerified } from '#domain/sessions/reauthentication.ts'
import { bucketsFor, throttleDetails } from '#domain/throttle/guess.service.ts'
import {
  consumeGuess,
  type Guess,
  recordRefusedGuess,
  recordSuccess,
  refundOnBusy,
  resetGuessesAt,
} from '#domain/throttle/throttle.service.ts'
import { updateUser } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import type { InTransaction, WithSession } from '#foundation/context.ts'
import { Refusal, requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import { endOtherSessions, loadOwnAccount, withOwnAccount } from '../own-account/own-account.service.ts'

export type PasswordDeps = WithSession<
  'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config' | 'hasher' | 'knownPasswords' | 'limits'
>

export interface PasswordChange {
  readonly current: Secret
  readonly next: Secret
  /** Whether to revoke the user's API tokens as well; otherwise they keep working. */
  readonly endApiTokens?: boolean | undefined
}

/**
 * Sets a new password for a user who knows the current one. Ends every other session; this one continues under another token.
 * Throws `password.wrong`, `request.validation_failed`, `throttle.blocked`, `service.busy`, and `access.stronger_authentication_required`
 * where the second factor was skipped on a remembered device.
 */
export async function changeOwnPassword(
  ctx: PasswordDeps,
  { current, next, endApiTokens = false }: PasswordChange,
): Promise<ChangedPassword> {
  requireSecondFactorVerified(ctx.principal)
  const user = await loadOwnAccount(ctx)
  requireNoFieldErrors(
    await fieldErrorsInNewPassword(ctx, { policy: await passwordPolicy(ctx), password: next, user, pointer: '/new' }),
  )
  const { matched, guess } = await guessOwnPassword(ctx, user, current)
  if (!matched) {
    const details = { ...throttleDetails(secondFactorPolicy(ctx), guess), username: user.username }
    const refused = { result: 'refused', reason: 'wrong_password', details } as const
    const id = await recordRefusedGuess(ctx, guess, {
      action: 'password.changed',
      target: user.subject,
      ...refused,
    })
    throw new Refusal('password.wrong', {}, { id })
  }
  const hash = await newPasswordHash(ctx, next)
  const change = { checked: user, hash, endApiTokens }
  return withOwnAccount(ctx, 'password.changed', (tx, currentUser) => storeOwnPassword(tx, currentUser, change))
}

/**
 * Verifies the current password of a user in a session and counts a guess, so that a stolen session does not allow unlimited
 * guesses. A match is recorded here and resets the failures counted in sessions; a failure is recorded by the flow, with its
 * event (`recordFailure`).
 */
export async function guessOwnPassword(
  ctx: PasswordDeps,
  user: User,
  password: Secret,
): Promise<{ readonly matched: boolean; readonly guess: Guess }> {
  const guess = bucketsFor(ctx, user, ['password'])
  await consumeGuess(ctx, guess)
  const { matched } = await refundOnBusy(ctx, guess, () => verifyPassword(ctx, user, password))
  if (matched) await recordSuccess(ctx, guess)
  return { matched, guess }
}

export interface StoredChange {
  /** The user as read when the current password was checked. */
  readonly checked: User
  readonly hash: Secret
  readonly endApiTokens: boolean
}

export interface ChangedPassword {
  readonly user: User
  readonly token: Secret
}

/** Stores the hash of a new password. Throws `password.wrong` if the checked password is no longer the stored one. */
export async function storeOwnPassword(
  ctx: InTransaction<PasswordDeps>,
  currentUser: User,
  { checked, hash, endApiTokens }: StoredChange,
): Promise<ChangedPassword> {
  if (currentUser.hashedPassword?.reveal() !== checked.hashedPassword?.reveal()) throw new Refusal('password.wrong')
  const changed = await updateUser(ctx, currentUser, { hashedPassword: hash, passwordChangeAskedAt: null })
  const { token, sessions } = await endOtherSessions(ctx, changed)
  const apiTokens = endApiTokens ? await revokeApiTokensOf(ctx, changed.subject) : 0
  await resetGuessesAt(ctx, changed.subject, 'password')
  await recordEvent(ctx, {
    action: 'password.changed',
    target: changed.subject,
    details: { username: changed.username, sessions, api_tokens: apiTokens },
    ending: { keptSessionId: ctx.principal.session.id },
  })
  await notifyUser(ctx, changed, 'password-changed')
  return { user: changed, token }
}
