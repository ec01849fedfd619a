// Finding who signs in and looking at what they typed, with the same work for everybody.
import { recordEvent } from '../../domain/audit/audit.service.ts'
import type { EventAction, EventDetails } from '../../domain/audit/event.ts'
import { inTransaction } from '../../foundation/context.ts'
import type { Context } from '../../foundation/context.ts'
import { checkPassword, newPasswordHash } from '../../domain/factors/password/password.service.ts'
import type { SecondFactorKind } from '../../domain/factors/factor-kind.ts'
import type { FactorReason } from '../../domain/factors/second-factor.service.ts'
import { sealPlaintextSecret } from '../../domain/factors/totp/plaintext-secret.service.ts'
import { isFirstReplay } from '../../domain/factors/totp/totp-check.service.ts'
import type { ProvenStep } from '../../domain/factors/totp/totp-check.service.ts'
import { actorOf } from '../../foundation/kernel/principal.ts'
import { Refusal } from '../../foundation/kernel/refusal.ts'
import type { Secret } from '../../foundation/kernel/secret.ts'
import type { Verification } from '../../foundation/platform/passwords/password-hasher.ts'
import { secondFactorPolicy } from '../../domain/policies/policy.service.ts'
import { throttleDetails } from '../../domain/throttle/guess.service.ts'
import { refundOnBusy, recordFailure, refusing } from '../../domain/throttle/throttle.service.ts'
import type { Guess } from '../../domain/throttle/throttle.service.ts'
import { guessedFactorOf } from '../../domain/throttle/throttle.ts'
import { plainCodeSecretOf } from '../../domain/users/external-row.service.ts'
import {
  updateUser,
  completeRow,
  findUserByEmail,
  findUserById,
  findUserByName,
} from '../../domain/users/user.service.ts'
import type { User } from '../../domain/users/user.ts'

export type SignInDeps = Context

/** Who that is; a name with an @ may also be a verified address. */
export async function findUserByLogin(
  ctx: SignInDeps,
  name: string,
  { orByEmail }: { orByEmail: boolean },
): Promise<User | undefined> {
  const named = await findUserByName(ctx, name)
  const addressed = orByEmail && name.includes('@') ? await findUserByEmail(ctx, name) : undefined
  return named ?? addressed
}

/**
 * The same person with their row complete and its code secret sealed, where somebody typed it in by hand. Writes, so it
 * comes after the guess was drawn.
 */
export async function completeExternalRow(ctx: SignInDeps, user: User | undefined): Promise<User | undefined> {
  if (user?.insertedExternally !== true) return user
  await completeRow(ctx, user.id)
  await sealPlaintextSecret(ctx, user.id)
  // Read again whoever sealed it: with what was read before, the loser of two sign-ins at once would have no second factor.
  const seen = await findUserById(ctx, user.id)
  if (seen === undefined || seen.secondFactorAt !== null) return seen
  // A secret that cannot be read is a second factor that never matches: the password alone must not replace it.
  const unreadable = (await plainCodeSecretOf(ctx, user.id)) !== undefined
  return unreadable ? { ...seen, secondFactorAt: ctx.now } : seen
}

export interface CountedGuess {
  readonly user: User | undefined
  readonly password: Secret
  readonly guess: Guess
}

/** Compares the password and, where it matched an outdated hash, stores a better one. */
export async function verifyPassword(ctx: SignInDeps, { user, password, guess }: CountedGuess): Promise<Verification> {
  const verification = await refundOnBusy(ctx, guess, () => checkPassword(ctx, user, password))
  if (user === undefined || !verification.matched) return verification
  if (verification.upgrade) await upgradeHash(ctx, user, password)
  if (verification.tooLongForScheme) await askForNewPassword(ctx, user)
  return verification
}

async function upgradeHash(ctx: SignInDeps, user: User, password: Secret): Promise<void> {
  await bestEffort(async () => {
    const hashedPassword = await newPasswordHash(ctx, password)
    return inTransaction(ctx, async (tx) => {
      await updateUser(tx, user, { hashedPassword }, { bumpEpoch: false })
      await recordEvent(tx, { action: 'password.upgraded', actor: user.subject, target: user.subject })
    })
  })
}

// bcrypt compared the first 72 bytes only, so the account keeps its hash and the person is asked for a new password.
async function askForNewPassword(ctx: SignInDeps, user: User): Promise<void> {
  if (user.passwordChangeAskedAt !== null) return
  await bestEffort(() =>
    inTransaction(ctx, async (tx) => {
      await updateUser(tx, user, { passwordChangeAskedAt: tx.now })
      await recordEvent(tx, { action: 'password.change_asked', actor: null, target: user.subject })
    }),
  )
}

/** There was no room, or somebody else changed the row meanwhile, perhaps a second sign-in: the next one will try again. */
async function bestEffort(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (error instanceof Refusal && (error.code === 'user.stale' || error.code === 'service.busy')) return
    throw error
  }
}

export interface FailedVerification {
  readonly reason:
    | 'unknown_user'
    | 'wrong_password'
    | 'disabled'
    | 'no_second_factor'
    | 'second_factor_elsewhere'
    | 'not_verified'
    | 'too_weak'
    | FactorReason
  /** The second factor that was looked at. */
  readonly factor?: SecondFactorKind | undefined
  /** The step whose code was shown again. */
  readonly replay?: ProvenStep | undefined
  /** How far the clock of the app is off, where the password was right and the code fits another moment. */
  readonly minutesAhead?: number | undefined
}

export interface FailedGuess {
  readonly action: Extract<
    EventAction,
    'sign_in.refused' | 'sign_in.second_step_refused' | 'session.reauthentication_refused'
  >
  readonly user: User | undefined
  readonly guess: Guess
  readonly failure: FailedVerification
}

/**
 * Records why a sign-in was refused, and counts it: with a wrong password the code was not verified, a right password is no
 * failure, and all replays of one code count as one. Gives the id of the event, by which an admin
 * finds the reason. The caller refuses afterwards, so that nothing here is rolled back.
 */
export function recordFailedGuess(ctx: SignInDeps, { action, user, guess, failure }: FailedGuess): Promise<string> {
  return refusing(ctx, guess, async (tx) => {
    const event = await recordEvent(tx, {
      action,
      // Whoever signs in is nobody yet, whatever session their browser has; a proof is asked of somebody who is signed in.
      actor: action === 'session.reauthentication_refused' ? actorOf(ctx.principal) : null,
      target: user?.subject ?? null,
      result: 'refused',
      reason: failure.reason,
      details: refusalDetails(ctx, guess, failure),
    })
    await countFailedGuess(tx, guess, failure)
    return event
  })
}

/** What an admin is told about a refusal beside its reason. */
function refusalDetails(ctx: SignInDeps, guess: Guess, { factor, minutesAhead }: FailedVerification): EventDetails {
  return {
    ...throttleDetails(secondFactorPolicy(ctx), guess),
    factor: factor ?? null,
    minutes_ahead: minutesAhead ?? null,
  }
}

async function countFailedGuess(ctx: SignInDeps, guess: Guess, { reason, replay }: FailedVerification): Promise<void> {
  if (reason === 'unknown_user' || reason === 'wrong_password')
    return recordFailure(ctx, guess, (key) => (isCode(key) ? 'refunded' : 'failed'))
  // In the order in which a success takes the same rows: the app, its buckets by name, the network.
  const counted = replay === undefined || (await isFirstReplay(ctx, replay))
  return recordFailure(ctx, guess, (key) => {
    if (guessedFactorOf(key) === 'password') return 'reset'
    return counted ? 'failed' : 'refunded'
  })
}

function isCode(key: string): boolean {
  const kind = guessedFactorOf(key)
  return kind === 'code' || kind === 'recovery'
}
