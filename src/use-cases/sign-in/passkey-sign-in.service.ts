// Signing in with a passkey: as the second step, or alone where it verified its user.
import { finishSignIn, readAttempt } from '../../domain/attempts/attempt.service.ts'
import type { SignInResult } from '../../domain/attempts/attempt.service.ts'
import { inTransaction } from '../../foundation/context.ts'
import type { With } from '../../foundation/context.ts'
import { assertionOptions, consumeAssertion, verifyAssertion } from '../../domain/factors/passkeys/assertion.service.ts'
import type { MatchedAssertion } from '../../domain/factors/passkeys/assertion.service.ts'
import type { AuthenticationResponse } from '../../domain/factors/passkeys/ceremony.service.ts'
import { refusalCodeFor } from '../../domain/factors/passkeys/passkey.ts'
import type { Transport } from '../../foundation/kernel/principal.ts'
import { Refusal } from '../../foundation/kernel/refusal.ts'
import type { RefusalCode } from '../../foundation/kernel/refusal.ts'
import type { Secret } from '../../foundation/kernel/secret.ts'
import { limitRequestRate } from '../../domain/throttle/request-rate.ts'
import { NO_GUESS } from '../../domain/throttle/throttle.service.ts'
import { findUser } from '../../domain/users/user.service.ts'
import type { User } from '../../domain/users/user.ts'
import { recordFailedGuess } from './credentials.service.ts'
import type { FailedVerification } from './credentials.service.ts'

/**
 * What to hand to the browser. For the second step of an attempt it names the passkeys of whoever proved the password;
 * without an attempt it names nobody's and is the same for all; then it refuses with `throttle.blocked` a network that asks
 * without end, since each leaves a challenge behind.
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

export interface PasskeySignIn {
  readonly response: AuthenticationResponse
  readonly transport: Transport
}

/**
 * Both steps at once. Refuses with `passkey.refused`, `passkey.challenge_ended`, with `passkey.not_verified` where the
 * passkey did not check who holds it (it is a second step then), with `sign_in.disabled` once all is proven, and with
 * `throttle.blocked` a network that is refused without end.
 */
export async function signInWithPasskey(ctx: Deps, { response, transport }: PasskeySignIn): Promise<SignInResult> {
  const verdict = await verifyAssertion(ctx, { purpose: 'sign-in', subject: null, boundTo: null, response })
  if (verdict.outcome === 'refused')
    return refuse(ctx, { user: undefined, reason: verdict.reason, refusal: refusalCodeFor(verdict.reason) })
  const user = await findUser(ctx, verdict.subject)
  if (user === undefined) return refuse(ctx, { user, reason: 'unknown_passkey', refusal: 'passkey.refused' })
  if (!verdict.userVerified || user.disabled) return refuseProven(ctx, user, verdict)
  const proven = { user, methods: ['passkey'], transport, attemptId: null, guess: NO_GUESS } as const
  const complete = await inTransaction(ctx, async (tx) =>
    (await consumeAssertion(tx, verdict)) ? finishSignIn(tx, proven) : undefined,
  )
  return complete ?? refuse(ctx, { user, reason: 'ended_challenge', refusal: 'passkey.challenge_ended' })
}

// Spent all the same: it was a sound answer, and it must not work a second time.
async function refuseProven(ctx: Deps, user: User, assertion: MatchedAssertion): Promise<never> {
  await inTransaction(ctx, (tx) => consumeAssertion(tx, assertion))
  if (!assertion.userVerified) return refuse(ctx, { user, reason: 'not_verified', refusal: 'passkey.not_verified' })
  return refuse(ctx, { user, reason: 'disabled', refusal: 'sign_in.disabled' })
}

interface Refused {
  readonly user: User | undefined
  readonly reason: FailedVerification['reason']
  readonly refusal: RefusalCode
}

async function refuse(ctx: Deps, { user, reason, refusal }: Refused): Promise<never> {
  limitRequestRate(ctx)
  const failure: FailedVerification = { reason, factor: 'passkey' }
  const id = await recordFailedGuess(ctx, { action: 'sign_in.refused', user, guess: NO_GUESS, failure })
  throw new Refusal(refusal, {}, { id })
}
