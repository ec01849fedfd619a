// Sign-in with a passkey: as second factor of an attempt, or alone if the authenticator verified its user.
import { type FinishOutcome, readAttempt } from '#domain/attempts/attempt.service.ts'
import { stepByPolicy } from '#domain/attempts/policy-step.service.ts'
import {
  assertionOptions,
  consumeAssertion,
  type MatchedAssertion,
  verifyAssertion,
} from '#domain/factors/passkeys/assertion.service.ts'
import type { AuthenticationResponse } from '#domain/factors/passkeys/ceremony.service.ts'
import { refusalCodeFor } from '#domain/factors/passkeys/passkey.ts'
import { userPolicy } from '#domain/policies/evaluation/user-policy.service.ts'
import { limitRequestRate } from '#domain/throttle/guess.service.ts'
import { NO_GUESS } from '#domain/throttle/throttle.service.ts'
import { whyShutOut } from '#domain/users/account-expiry.service.ts'
import type { ShutOutReason } from '#domain/users/account-expiry.ts'
import { findUser } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import { inTransaction, type With } from '#foundation/context.ts'
import type { Transport } from '#foundation/kernel/principal.ts'
import { Refusal, type RefusalCode } from '#foundation/kernel/refusal.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import { type FailedVerification, recordFailedGuess } from './credentials.service.ts'
import { completeWith } from './sign-in.service.ts'

/**
 * Returns the options for `navigator.credentials.get` (WebAuthn §5.5). For an attempt they list the passkeys of its user; without one
 * they list none, so that they reveal no user (enumeration). Each request without an attempt stores a challenge, so it counts against
 * the request rate of the network and throws `throttle.blocked` beyond it.
 */
export async function passkeySignInOptions(
  ctx: With<'db' | 'now' | 'newId' | 'random' | 'principal' | 'config' | 'limits'>,
  token: Secret | undefined,
) {
  if (token === undefined) {
    limitRequestRate(ctx)
    return assertionOptions(ctx, { purpose: 'sign-in', subject: null, boundTo: null })
  }
  const { attempt } = await readAttempt(ctx, token, 'second-factor')
  return assertionOptions(ctx, { purpose: 'second-factor', subject: attempt.subject, boundTo: attempt.id })
}

type Deps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config' | 'limits'>

/**
 * Signs in with a passkey alone, which counts as both factors. Throws `passkey.refused`, `passkey.challenge_ended`, `passkey.not_verified`
 * without user verification (the passkey is only a second factor then), `sign_in.factor_not_allowed` and `sign_in.disabled` once the passkey was verified, and
 * `throttle.blocked` if the network exceeds its request rate of refusals.
 */
export async function signInWithPasskey(
  ctx: Deps,
  response: AuthenticationResponse,
  transport: Transport,
): Promise<FinishOutcome> {
  const verdict = await verifyAssertion(ctx, { purpose: 'sign-in', subject: null, boundTo: null, response })
  if (verdict.outcome === 'refused') return refuse(ctx, undefined, verdict.reason, refusalCodeFor(verdict.reason))
  const user = await findUser(ctx, verdict.subject)
  if (user === undefined) return refuse(ctx, user, 'unknown_passkey', 'passkey.refused')
  const shutOut = await whyShutOut(ctx, user)
  if (!verdict.userVerified || shutOut !== undefined) return refuseVerified(ctx, user, verdict, shutOut)
  if (await isRefusedByPolicy(ctx, user)) return refuseVerified(ctx, user, verdict, 'factor_not_allowed')
  const signIn = { user, methods: ['passkey'], transport, attemptId: null, guess: NO_GUESS } as const
  const complete = await completeWith(ctx, signIn, (tx) => consumeAssertion(tx, verdict))
  return complete ?? refuse(ctx, user, 'ended_challenge', 'passkey.challenge_ended')
}

// The assertion is valid, so its challenge is consumed although the sign-in is refused: it must not be accepted later (replay).
async function refuseVerified(
  ctx: Deps,
  user: User,
  assertion: MatchedAssertion,
  reason: ShutOutReason | 'factor_not_allowed' = 'disabled',
): Promise<never> {
  await inTransaction(ctx, (tx) => consumeAssertion(tx, assertion))
  if (!assertion.userVerified) return refuse(ctx, user, 'not_verified', 'passkey.not_verified')
  return refuse(ctx, user, reason, reason === 'factor_not_allowed' ? 'sign_in.factor_not_allowed' : 'sign_in.disabled')
}

/** Whether the policies allow this user no passkey, while the user holds an app, which they allow. */
async function isRefusedByPolicy(ctx: Deps, user: User): Promise<boolean> {
  const policy = await userPolicy(ctx, user)
  return (await stepByPolicy(ctx, user, { policy, methods: ['passkey'] })) === 'refused'
}

async function refuse(
  ctx: Deps,
  user: User | undefined,
  reason: FailedVerification['reason'],
  refusal: RefusalCode,
): Promise<never> {
  limitRequestRate(ctx)
  const failure = { reason, factor: 'passkey' } as const
  const id = await recordFailedGuess(ctx, { action: 'sign_in.refused', user, guess: NO_GUESS, failure })
  throw new Refusal(refusal, {}, { id })
}
