// Finds the user of a sign-in, makes the writes that follow from a password, and records failures. An unknown name costs the same
// work as a known one (user enumeration).
import { recordEvent } from '#domain/audit/audit.service.ts'
import type { SecondFactorKind } from '#domain/factors/factor-kind.ts'
import { newPasswordHash } from '#domain/factors/password/password.service.ts'
import type { FactorReason } from '#domain/factors/second-factor.service.ts'
import { sealPlaintextSecret } from '#domain/factors/totp/plaintext-secret.service.ts'
import { type MatchedStep, recordReplay } from '#domain/factors/totp/totp-check.service.ts'
import { secondFactorPolicy } from '#domain/policies/policy.service.ts'
import { throttleDetails } from '#domain/throttle/guess.service.ts'
import { type Guess, recordFailure, refusing } from '#domain/throttle/throttle.service.ts'
import { guessedFactorOf } from '#domain/throttle/throttle.ts'
import type { ShutOutReason } from '#domain/users/account-expiry.ts'
import { completeRow, plaintextTotpSecretOf } from '#domain/users/external-rows/external-row.service.ts'
import { findUserByEmail, findUserById, findUserByName, updateUser } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import { inTransaction, type With } from '#foundation/context.ts'
import { actorOf } from '#foundation/kernel/principal.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import type { Verification } from '#foundation/platform/passwords/password-hasher.ts'

/** Returns the user with this username or, with `orByEmail` and an @ in the name, with this verified email. A username has priority. */
export async function findUserByLogin(
  ctx: With<'db'>,
  name: string,
  { orByEmail }: { orByEmail: boolean },
): Promise<User | undefined> {
  const named = await findUserByName(ctx, name)
  const addressed = orByEmail && name.includes('@') ? await findUserByEmail(ctx, name) : undefined
  return named ?? addressed
}

/**
 * Completes an externally inserted row and seals its TOTP secret; returns the user as stored then, and any other user unchanged. It
 * writes, so it is called after the guess was consumed.
 */
export async function completeExternalRow(
  ctx: With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>,
  user: User | undefined,
): Promise<User | undefined> {
  if (user?.insertedExternally !== true) return user
  await completeRow(ctx, user.id)
  await sealPlaintextSecret(ctx, user.id)
  // The row is read again, even if a concurrent sign-in sealed the secret: the row read before shows no second factor.
  const seen = await findUserById(ctx, user.id)
  if (seen === undefined || seen.secondFactorAt !== null) return seen
  // An unreadable secret counts as a second factor that never matches, so that the password alone does not sign the user in.
  const unreadable = (await plaintextTotpSecretOf(ctx, user.id)) !== undefined
  return unreadable ? { ...seen, secondFactorAt: ctx.now } : seen
}

/** A password after `verifyPassword`. */
export interface VerifiedPassword {
  readonly user: User | undefined
  readonly password: Secret
  readonly verification: Verification
}

/**
 * Makes the writes that follow from a password that matched. A hash of an older scheme, cost or pepper is replaced. bcrypt reads 72 bytes:
 * where it compared only the beginning, the hash cannot be replaced by one of the whole password, so the user is asked for a new one.
 */
export async function updateAfterMatch(
  ctx: With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config' | 'hasher'>,
  { user, password, verification }: VerifiedPassword,
): Promise<void> {
  if (user === undefined || !verification.matched) return
  const target = user.subject
  if (verification.upgrade)
    await bestEffort(async () => {
      const hashedPassword = await newPasswordHash(ctx, password)
      await inTransaction(ctx, async (tx) => {
        await updateUser(tx, user, { hashedPassword }, { bumpEpoch: false })
        await recordEvent(tx, { action: 'password.upgraded', actor: target, target })
      })
    })
  if (verification.tooLongForScheme && user.passwordChangeAskedAt === null)
    await bestEffort(() =>
      inTransaction(ctx, async (tx) => {
        await updateUser(tx, user, { passwordChangeAskedAt: tx.now })
        await recordEvent(tx, { action: 'password.change_asked', actor: null, target })
      }),
    )
}

/** Ignores a busy hasher and a row that a concurrent sign-in has changed, since the next sign-in tries again. */
async function bestEffort(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (error instanceof Refusal && error.code === 'service.busy') return
    throw error
  }
}

export interface FailedVerification {
  readonly reason:
    | 'unknown_user'
    | 'wrong_password'
    | ShutOutReason
    | 'no_second_factor'
    | 'second_factor_elsewhere'
    | 'not_verified'
    | 'too_weak'
    | 'factor_not_allowed'
    | FactorReason
  readonly factor?: SecondFactorKind | undefined
  /** The step whose code was submitted again. */
  readonly replay?: MatchedStep | undefined
  /** Clock drift of the app in minutes, if the password was right and the code belongs to a step outside the accepted window. */
  readonly minutesAhead?: number | undefined
}

export interface FailedGuess {
  readonly action: 'sign_in.refused' | 'sign_in.second_step_refused' | 'session.reauthentication_refused'
  readonly user: User | undefined
  readonly guess: Guess
  readonly failure: FailedVerification
}

/**
 * Records why a sign-in was refused and counts the failure: a wrong password refunds the guess at the code, a right password resets
 * its own bucket, and all replays of one code count once. Returns the id of the event, by which an admin finds the reason. The flow
 * throws afterwards, so that nothing recorded here is rolled back.
 */
export function recordFailedGuess(
  ctx: With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>,
  { action, user, guess, failure }: FailedGuess,
): Promise<string> {
  return refusing(ctx, guess, async (tx) => {
    const event = await recordEvent(tx, {
      action,
      // A sign-in has no actor, even if the browser holds another user's session; re-authentication has the user of the session.
      actor: action === 'session.reauthentication_refused' ? actorOf(ctx.principal) : null,
      target: user?.subject ?? null,
      result: 'refused',
      reason: failure.reason,
      details: {
        ...throttleDetails(secondFactorPolicy(tx), guess),
        factor: failure.factor ?? null,
        minutes_ahead: failure.minutesAhead ?? null,
      },
    })
    await adjustCounters(tx, guess, failure)
    return event
  })
}

async function adjustCounters(
  ctx: With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>,
  guess: Guess,
  { reason, replay }: FailedVerification,
): Promise<void> {
  if (reason === 'unknown_user' || reason === 'wrong_password')
    return recordFailure(ctx, guess, (key) => (isCode(key) ? 'refunded' : 'failed'))
  // Rows are locked in the same order as on success (the app, its buckets by name, the network), which prevents a deadlock.
  const counted = replay === undefined || (await recordReplay(ctx, replay))
  return recordFailure(ctx, guess, (key) => {
    if (guessedFactorOf(key) === 'password') return 'reset'
    return counted ? 'failed' : 'refunded'
  })
}

function isCode(key: string): boolean {
  const kind = guessedFactorOf(key)
  return kind === 'code' || kind === 'recovery'
}
