import { recordEvent } from '../../domain/audit/audit.service.ts'
import { inTransaction } from '../../foundation/context.ts'
import type { WithSession } from '../../foundation/context.ts'
import { assertionOptions } from '../../domain/factors/passkeys/assertion.service.ts'
import { checkSecondFactor, FACTOR_BUCKETS } from '../../domain/factors/second-factor.service.ts'
import type { FactorCheck, SecondFactorProof } from '../../domain/factors/second-factor.service.ts'
import { detectClockDrift } from '../../domain/factors/totp/totp-check.service.ts'
import { Refusal } from '../../foundation/kernel/refusal.ts'
import type { Secret } from '../../foundation/kernel/secret.ts'
import { meetsAccountAssurance } from '../../foundation/kernel/assurance.ts'
import type { Instant } from '../../foundation/kernel/time.ts'
import { recordReauthentication } from '../../domain/sessions/renewal.service.ts'
import { bucketsFor } from '../../domain/throttle/guess.service.ts'
import { limitRequestRate } from '../../domain/throttle/request-rate.ts'
import { resetBuckets, consumeGuess, refundOnBusy, recordSuccess } from '../../domain/throttle/throttle.service.ts'
import type { Guess } from '../../domain/throttle/throttle.service.ts'
import { findUser } from '../../domain/users/user.service.ts'
import type { User } from '../../domain/users/user.ts'
import { verifyPassword, recordFailedGuess } from './credentials.service.ts'
import type { FailedVerification, SignInDeps } from './credentials.service.ts'
import type { ShownFactor } from './sign-in.service.ts'

/** Password, second factor, or both; a passkey that verifies its user stands for both. */
export interface ReauthenticationInput {
  readonly password?: Secret | undefined
  readonly factor?: ShownFactor | undefined
}

export interface Reauthenticated {
  readonly authenticatedUntil: Instant
  /** The session's token from now on; the one that asked is dead. */
  readonly token: Secret
}

type ReauthenticationDeps = Omit<SignInDeps, 'principal'> & WithSession

/** What to hand to the browser for a proof by passkey. */
export function reauthenticationOptions(ctx: ReauthenticationDeps) {
  const { session, user } = ctx.principal
  return assertionOptions(ctx, { purpose: 'reauthentication', subject: user.subject, boundTo: session.id })
}

/**
 * Step-up: a signed-in person proves who they are again, as strongly as their account can, and the session counts as
 * freshly proven under a new token. Refuses with `throttle.blocked`, `reauthentication.too_weak`, and `reauthentication.refused` whichever of the
 * two was wrong, or `reauthentication.passkey_refused` where one of them was a passkey.
 */
export async function reauthenticate(
  ctx: ReauthenticationDeps,
  proof: ReauthenticationInput,
): Promise<Reauthenticated> {
  const { session } = ctx.principal
  const user = await findUser(ctx, ctx.principal.user.subject)
  if (user === undefined) throw new Refusal('access.invalid_token')
  const methods = methodsOf(proof)
  if (!meetsAccountAssurance(methods, user)) throw new Refusal('reauthentication.too_weak')
  const guess = bucketsFor(ctx, user, bucketsOf(proof))
  await consumeGuess(ctx, guess)
  const looked = await verifyFactors(ctx, { user, guess, proof })
  const failure = failureOf(looked, proof)
  const token =
    failure === undefined
      ? await inTransaction(ctx, async (tx) => {
          if (looked.check?.outcome === 'matched' && !(await looked.check.spend(tx))) return undefined
          const renewed = await recordReauthentication(tx, { session, methods })
          if (renewed === undefined) return undefined
          await recordSuccess(tx, guess)
          const details = { session: session.id, methods: methods.join(' ') }
          await recordEvent(tx, { action: 'session.reauthenticated', target: user.subject, details })
          return renewed
        })
      : undefined
  if (token !== undefined) return { authenticatedUntil: ctx.now + ctx.config.proofLifetime, token }
  if (proof.factor?.kind === 'passkey' && looked.matched !== false) await takePasskeyTry(ctx, guess)
  const lost = looked.check?.outcome === 'matched' ? looked.check.lost : undefined
  const recorded = failure ?? { reason: lost?.reason ?? 'too_weak', factor: lost?.kind, replay: lost?.replay }
  const minutesAhead = await offsetOf(ctx, { user, recorded, proof })
  const id = await recordFailedGuess(ctx, {
    action: 'session.reauthentication_refused',
    user,
    guess,
    failure: { ...recorded, minutesAhead },
  })
  if (minutesAhead !== undefined) throw new Refusal('reauthentication.clock_drift', { minutesAhead }, { id })
  throw new Refusal(
    proof.factor?.kind === 'passkey' ? 'reauthentication.passkey_refused' : 'reauthentication.refused',
    {},
    { id },
  )
}

/** A passkey draws from no budget, and beside it a right password has emptied its own: what bounds its refusals is the network. */
async function takePasskeyTry(ctx: ReauthenticationDeps, guess: Guess): Promise<void> {
  await resetBuckets(ctx, guess.buckets)
  limitRequestRate(ctx)
}

function methodsOf({ password, factor }: ReauthenticationInput): string[] {
  return [...(password === undefined ? [] : ['password']), ...(factor === undefined ? [] : [factor.kind])]
}

function bucketsOf({ password, factor }: ReauthenticationInput) {
  return [...(password === undefined ? [] : (['password'] as const)), ...(factor ? FACTOR_BUCKETS[factor.kind] : [])]
}

interface VerificationInput {
  readonly user: User
  readonly guess: Guess
  readonly proof: ReauthenticationInput
}

interface VerifiedFactors {
  /** Undefined where no password came along. */
  readonly matched: boolean | undefined
  readonly check: FactorCheck | undefined
}

async function verifyFactors(
  ctx: ReauthenticationDeps,
  { user, guess, proof: { password, factor } }: VerificationInput,
): Promise<VerifiedFactors> {
  const shown = factor && shownIn(ctx.principal.session.id, factor)
  const check = shown && (await refundOnBusy(ctx, guess, () => checkSecondFactor(ctx, user.subject, shown)))
  const verification = password === undefined ? undefined : await verifyPassword(ctx, { user, password, guess })
  return { matched: verification?.matched, check }
}

function shownIn(session: string, factor: ShownFactor): SecondFactorProof {
  return factor.kind === 'passkey' ? { ...factor, purpose: 'reauthentication', boundTo: session } : factor
}

function failureOf(
  { matched, check }: VerifiedFactors,
  { password }: ReauthenticationInput,
): FailedVerification | undefined {
  if (matched === false) return { reason: 'wrong_password' }
  if (check?.outcome === 'refused') return { reason: check.reason, factor: check.kind, replay: check.replay }
  // A passkey that did not ask who holds it is one factor: the password has to come along.
  const alone = password === undefined && check?.outcome === 'matched' && !check.userVerified
  return alone ? { reason: 'not_verified', factor: check.kind } : undefined
}

async function offsetOf(
  ctx: ReauthenticationDeps,
  { user, recorded, proof }: { user: User; recorded: FailedVerification; proof: ReauthenticationInput },
): Promise<number | undefined> {
  const { factor } = proof
  const isOtherMoment = recorded.reason === 'wrong_code' && factor?.kind === 'totp'
  return isOtherMoment ? detectClockDrift(ctx, user.subject, factor.code) : undefined
}
