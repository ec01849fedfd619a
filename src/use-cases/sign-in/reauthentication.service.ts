import { recordEvent } from '#domain/audit/audit.service.ts'
import { assertionOptions } from '#domain/factors/passkeys/assertion.service.ts'
import { verifyPassword } from '#domain/factors/password/password.service.ts'
import { checkSecondFactor, FACTOR_BUCKETS, type SecondFactorInput } from '#domain/factors/second-factor.service.ts'
import type { AuthenticationRequirement } from '#domain/sessions/reauthentication.ts'
import { recordReauthentication } from '#domain/sessions/renewal.service.ts'
import { bucketsFor, limitRequestRate } from '#domain/throttle/guess.service.ts'
import {
  consumeGuess,
  type Guess,
  recordSuccess,
  refundOnBusy,
  resetBuckets,
} from '#domain/throttle/throttle.service.ts'
import { findUser } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import { inTransaction, type WithSession } from '#foundation/context.ts'
import type { AssuranceLevel } from '#foundation/kernel/assurance.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { type FailedVerification, recordFailedGuess, updateAfterMatch } from './credentials.service.ts'
import { usableSecondFactors } from './offered-factors.service.ts'
import { reaches, selectReauthenticationFactor } from './reauthentication-factor.ts'
import { disclosedDrift, type SubmittedFactor } from './sign-in.service.ts'

/** Password, second factor, or both; a passkey that verifies its user counts as both. */
export interface ReauthenticationInput {
  readonly password?: Secret | undefined
  readonly factor?: SubmittedFactor | undefined
}

export interface Reauthenticated {
  readonly authenticatedUntil: Instant
  /** The session's new token; the token of the request no longer works. */
  readonly token: Secret
}

/** Returns the options for `navigator.credentials.get` (WebAuthn §5.5), bound to this session. */
export function reauthenticationOptions(ctx: WithSession<'db' | 'now' | 'newId' | 'random' | 'config'>) {
  const { session, user } = ctx.principal
  return assertionOptions(ctx, { purpose: 'reauthentication', subject: user.subject, boundTo: session.id })
}

/**
 * Re-authentication (step-up, RFC 9470): the user of a session verifies factors again, at the assurance level of the account and at `least`
 * where one is required, and the session continues under a new token and a new authentication time. Throws `throttle.blocked`, `service.busy`,
 * `reauthentication.too_weak`, `reauthentication.clock_drift`, and `reauthentication.refused` whichever of the two factors was wrong, or
 * `reauthentication.passkey_refused` if one of them was a passkey.
 */
export async function reauthenticate(
  ctx: WithSession<
    'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config' | 'hasher' | 'limits' | 'log'
  >,
  input: ReauthenticationInput,
  least?: AssuranceLevel,
): Promise<Reauthenticated> {
  const user = await findUser(ctx, ctx.principal.user.subject)
  if (user === undefined) throw new Refusal('access.invalid_token')
  if (!reaches(methodsOf(input), { enrolled: user, terms: ctx.principal.terms }, least))
    throw new Refusal('reauthentication.too_weak')
  const guess = bucketsFor(ctx, user, bucketsOf(input))
  await consumeGuess(ctx, guess)
  const verified = await refundOnBusy(ctx, guess, () => verifyFactors(ctx, user, input))
  const { password } = input
  const { verification } = verified
  if (password && verification) await updateAfterMatch(ctx, { user, password, verification })
  const given: Reauthentication = { user, guess, input, verified }
  const failure = failureOf(verified, input)
  const token = failure === undefined ? await renewSession(ctx, given) : undefined
  if (token === undefined) return refuse(ctx, given, failure)
  return { authenticatedUntil: ctx.now + ctx.principal.terms.reauthentication, token }
}

interface Reauthentication {
  readonly user: User
  readonly guess: Guess
  readonly input: ReauthenticationInput
  readonly verified: VerifiedFactors
}

/** Consumes the second factor and renews the session; undefined if a concurrent request consumed the factor or ended the session. */
function renewSession(
  ctx: WithSession<'db' | 'now' | 'newId' | 'random' | 'keyring'>,
  { user, guess, input, verified: { check } }: Reauthentication,
): Promise<Secret | undefined> {
  const { session } = ctx.principal
  const methods = methodsOf(input)
  return inTransaction(ctx, async (tx) => {
    if (check?.outcome === 'matched' && !(await check.consume(tx))) return undefined
    const renewed = await recordReauthentication(tx, { session, methods })
    if (renewed === undefined) return undefined
    await recordSuccess(tx, guess)
    const details = { session: session.id, methods: methods.join(' ') }
    await recordEvent(tx, { action: 'session.reauthenticated', target: user.subject, details })
    return renewed
  })
}

async function refuse(
  ctx: WithSession<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'config' | 'limits' | 'log'>,
  { user, guess, input, verified: { verification, check } }: Reauthentication,
  known: FailedVerification | undefined,
): Promise<never> {
  const { factor } = input
  const withPasskey = factor?.kind === 'passkey'
  // No bucket counts passkeys, and a right password beside one resets its own bucket, so the request rate of the network bounds refusals.
  if (withPasskey && verification?.matched !== false) {
    await resetBuckets(ctx, guess.buckets)
    limitRequestRate(ctx)
  }
  const lost = check?.outcome === 'matched' ? check.alreadyConsumed : undefined
  const recorded = known ?? { reason: lost?.reason ?? 'too_weak', factor: lost?.kind, replay: lost?.replay }
  const minutesAhead = await disclosedDrift(ctx, user, recorded.reason, factor)
  const failure = { ...recorded, minutesAhead }
  const id = await recordFailedGuess(ctx, { action: 'session.reauthentication_refused', user, guess, failure })
  if (minutesAhead !== undefined) throw new Refusal('reauthentication.clock_drift', { minutesAhead }, { id })
  throw new Refusal(withPasskey ? 'reauthentication.passkey_refused' : 'reauthentication.refused', {}, { id })
}

function methodsOf({ password, factor }: ReauthenticationInput): string[] {
  return [...(password === undefined ? [] : ['password']), ...(factor === undefined ? [] : [factor.kind])]
}

function bucketsOf({ password, factor }: ReauthenticationInput) {
  return [...(password === undefined ? [] : (['password'] as const)), ...(factor ? FACTOR_BUCKETS[factor.kind] : [])]
}

async function verifyFactors(
  ctx: WithSession<'db' | 'now' | 'keyring' | 'config' | 'hasher' | 'log'>,
  user: User,
  { password, factor }: ReauthenticationInput,
) {
  const boundTo = ctx.principal.session.id
  const proof: SecondFactorInput | undefined =
    factor?.kind === 'passkey' ? { ...factor, purpose: 'reauthentication', boundTo } : factor
  const check = proof && (await checkSecondFactor(ctx, user.subject, proof))
  return { check, verification: password && (await verifyPassword(ctx, user, password)) }
}

type VerifiedFactors = Awaited<ReturnType<typeof verifyFactors>>

function failureOf(
  { verification, check }: VerifiedFactors,
  { password }: ReauthenticationInput,
): FailedVerification | undefined {
  if (verification?.matched === false) return { reason: 'wrong_password' }
  if (check?.outcome === 'refused') return { reason: check.reason, factor: check.kind, replay: check.replay }
  // A passkey without user verification is one factor (WebAuthn §6.1, flag UV), so the password is required beside it.
  const alone = password === undefined && check?.outcome === 'matched' && !check.userVerified
  return alone ? { reason: 'not_verified', factor: check.kind } : undefined
}

/** Whether the user can reach an assurance level with the factors that they have. */
export async function canReach(
  ctx: WithSession<'db' | 'config'>,
  least: AuthenticationRequirement['least'],
): Promise<boolean> {
  const { user, terms } = ctx.principal
  const usable = await usableSecondFactors(ctx, user.subject)
  return (
    selectReauthenticationFactor(usable, { enrolled: user, terms, requested: undefined, least }).factor !== undefined
  )
}
