// Setting up the second factor inside an attempt; confirming it completes the sign-in.
import { recordEvent, recordRefusal } from '../audit/audit.service.ts'
import type { EventAction } from '../audit/event.ts'
import { inTransaction } from '../context.ts'
import type { With } from '../context.ts'
import { setupKeyOf, newTotpSecret } from '../factors/totp/setup-key.ts'
import type { SetupKey } from '../factors/totp/setup-key.ts'
import { addConfirmedTotp } from '../factors/totp/totp.service.ts'
import { DEFAULT_PARAMETERS, matchTotp, normaliseCode } from '../factors/totp/totp.ts'
import type { Carrier } from '../kernel/caller.ts'
import { Refusal } from '../kernel/refusal.ts'
import { Secret } from '../kernel/secret.ts'
import type { Instant } from '../kernel/time.ts'
import { spendLink, withdrawLinks } from '../links/link.service.ts'
import { lockFor } from '../platform/database/lock.ts'
import { KeyringError } from '../platform/keyring-file.ts'
import type { SealedFor } from '../platform/sealing.ts'
import { drawGuess, giveBack } from '../throttle/throttle.service.ts'
import type { Guess } from '../throttle/throttle.service.ts'
import { userBuckets } from '../throttle/throttle.ts'
import { startingOver } from '../users/start-over.ts'
import { actingAdminExists, changeUser, createUser } from '../users/user.service.ts'
import type { User } from '../users/user.ts'
import type { Attempt } from './attempt.ts'
import { putSetupKey, selectAttempt } from './attempt.queries.ts'
import { finishSignIn, readAttempt } from './attempt.service.ts'
import type { Complete, ReadAttempt } from './attempt.service.ts'
import { hashOf } from '../kernel/secret-token.ts'

type Powers = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'config' | 'caller'>

export interface BegunEnrolment extends SetupKey {
  readonly factorId: string
  readonly expiresAt: Instant
}

/** The setup key of this attempt: made at first, the same when asked again, so that an interrupted set-up goes on. */
export async function beginEnrolment(ctx: Powers, token: Secret): Promise<BegunEnrolment> {
  const { attempt, user } = await readAttempt(ctx, token, 'enrolment')
  const account = user?.username ?? attempt.profile.username ?? ''
  const { factorId, secret } = openSetupKey(ctx, await withSetupKey(ctx, token, attempt))
  return { factorId, expiresAt: attempt.expiresAt, ...setupKeyOf(secret, { issuer: ctx.config.instanceName, account }) }
}

async function withSetupKey(ctx: Powers, token: Secret, attempt: Attempt): Promise<Attempt> {
  if (attempt.factorId !== null) return attempt
  const factorId = ctx.newId()
  const secret = newTotpSecret(ctx.random)
  const sealedSecret = ctx.keyring.seal(secret.reveal(), { subject: attempt.subject, factorId })
  if (await putSetupKey(ctx.db, attempt.id, { factorId, sealedSecret })) return { ...attempt, factorId, sealedSecret }
  const other = await selectAttempt(ctx.db, hashOf(token))
  if (other === undefined) throw new Refusal('attempt.ended')
  return other
}

function openSetupKey(
  ctx: With<'keyring'>,
  { subject, factorId, sealedSecret }: Attempt,
): { factorId: string; secret: Secret<Uint8Array> } {
  if (factorId === null || sealedSecret === null) throw new Refusal('attempt.wrong_stage')
  return { factorId, secret: Secret.of(openOrEnd(ctx, sealedSecret, { subject, factorId })) }
}

// The key was lost and given up meanwhile: nothing can finish this attempt, and whoever holds it begins anew.
function openOrEnd({ keyring }: With<'keyring'>, sealed: string, about: SealedFor): Uint8Array {
  try {
    return keyring.open(sealed, about)
  } catch (error) {
    if (error instanceof KeyringError) throw new Refusal('attempt.ended', {}, { cause: error })
    throw error
  }
}

export interface EnrolmentProof {
  readonly attempt: Secret
  readonly code: string
  readonly carrier: Carrier
}

/**
 * Confirms the app by its first code, which is spent by that, writes what the attempt was for, and completes the
 * sign-in, all in one transaction. Refuses with `attempt.ended`, `attempt.wrong_stage`, `attempt.code_wrong`,
 * `throttle.wait`; a set-up that lost the race with `setup.finished`, an invitation withdrawn meanwhile with `link.used`.
 */
export async function confirmEnrolment(
  ctx: Powers,
  { attempt: token, code, carrier }: EnrolmentProof,
): Promise<Complete> {
  const { attempt } = await readAttempt(ctx, token, 'enrolment')
  const { secret } = openSetupKey(ctx, attempt)
  const guess = { network: ctx.caller.origin.network, buckets: userBuckets(attempt.subject, ['code']) }
  await drawGuess(ctx, guess)
  const digits = normaliseCode(code)
  const key = { ...DEFAULT_PARAMETERS, secret: secret.reveal(), lastUsedStep: null }
  const match = digits === undefined ? undefined : matchTotp(key, digits, ctx.now)
  if (match === undefined) return refuseCode(ctx, attempt)
  const once = (): Promise<Complete> =>
    inTransaction(ctx, async (tx) =>
      completeEnrolment(tx, await readAttempt(tx, token, 'enrolment'), { step: match.step, carrier, guess }),
    )
  return startingOver(once).catch((error: unknown) => refuseLoser(ctx, attempt, { guess, error }))
}

interface Confirmed {
  /** The step of the code that confirmed it. */
  readonly step: number
  readonly carrier: Carrier
  readonly guess: Guess
}

async function completeEnrolment(
  ctx: Powers,
  read: ReadAttempt,
  { step, carrier, guess }: Confirmed,
): Promise<Complete> {
  const { id: attemptId, purpose, subject, methods, factorId, sealedSecret } = read.attempt
  if (factorId === null || sealedSecret === null) throw new Refusal('attempt.wrong_stage')
  const user = await COMPLETIONS[purpose](ctx, read)
  await addConfirmedTotp(ctx, { id: factorId, subject, sealedSecret, step })
  await recordEvent(ctx, { action: 'totp.confirmed', actor: user.subject, target: user.subject })
  return finishSignIn(ctx, { user, methods: [...methods, 'totp'], carrier, attemptId, guess })
}

// The code was right and somebody else was faster, perhaps the same person's second click: no failed guess.
async function refuseLoser(
  ctx: Powers,
  { purpose, subject }: Attempt,
  { guess, error }: { readonly guess: Guess; readonly error: unknown },
): Promise<never> {
  await recordRefusal(ctx, { action: COMPLETED[purpose], target: purpose === 'set-up' ? null : subject }, error)
  if (error instanceof Refusal && error.kind !== 'unavailable') await giveBack(ctx, guess)
  throw error
}

async function refuseCode(ctx: Powers, { subject, purpose }: Attempt): Promise<never> {
  const target = purpose === 'set-up' ? null : subject
  await recordEvent(ctx, {
    action: 'sign_in.second_step_refused',
    target,
    result: 'refused',
    reason: 'wrong_code',
    details: { purpose },
  })
  throw new Refusal('attempt.code_wrong')
}

/** The event that completes, or does not. */
const COMPLETED: Record<Attempt['purpose'], EventAction> = {
  'sign-in': 'totp.confirmed',
  invitation: 'invitation.accepted',
  'set-up': 'setup.completed',
}

/** What a confirmed enrolment writes besides the factor; each returns the user as they are then. */
const COMPLETIONS: Record<Attempt['purpose'], (ctx: Powers, read: ReadAttempt) => Promise<User>> = {
  'sign-in': completeSignIn,
  invitation: completeInvitation,
  'set-up': completeSetup,
}

// A second factor that came meanwhile, such as one typed into the row, must be proven and not passed by.
async function completeSignIn(ctx: Powers, { user }: ReadAttempt): Promise<User> {
  if (user === undefined || user.secondFactorAt !== null) throw new Refusal('attempt.ended')
  await withdrawLinks(ctx, { purpose: 'invitation', subject: user.subject })
  return changeUser(ctx, user, { secondFactorAt: ctx.now })
}

async function completeInvitation(ctx: Powers, { attempt, user }: ReadAttempt): Promise<User> {
  if (user === undefined || user.secondFactorAt !== null) throw new Refusal('attempt.ended')
  if (attempt.linkId === null || !(await spendLink(ctx, attempt.linkId))) throw new Refusal('link.used')
  await withdrawLinks(ctx, { purpose: 'invitation', subject: user.subject })
  const { hashedPassword } = attempt.profile
  const kept = hashedPassword === null
  const changed = await changeUser(ctx, user, {
    secondFactorAt: ctx.now,
    ...(kept ? {} : { hashedPassword, passwordChangeAskedAt: null }),
  })
  await recordEvent(ctx, {
    action: 'invitation.accepted',
    actor: user.subject,
    target: user.subject,
    details: { password: kept ? 'kept' : 'set' },
  })
  return changed
}

// One conditional insert: whoever comes second finds an admin and is refused.
async function completeSetup(ctx: Powers, { attempt }: ReadAttempt): Promise<User> {
  await lockFor(ctx.db, 'set-up')
  if (await actingAdminExists(ctx)) throw new Refusal('setup.finished')
  if (attempt.linkId === null || !(await spendLink(ctx, attempt.linkId))) throw new Refusal('link.used')
  const { profile, subject } = attempt
  const { email, fullName, hashedPassword } = profile
  const username = profile.username ?? ''
  const user = await createUser(ctx, {
    username,
    email,
    fullName,
    role: 'admin',
    hashedPassword,
    subject,
    secondFactorAt: ctx.now,
  })
  await withdrawLinks(ctx, { purpose: 'set-up', subject: null })
  await recordEvent(ctx, { action: 'setup.completed', actor: subject, target: subject })
  return user
}
