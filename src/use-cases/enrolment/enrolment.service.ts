// Sets up an authenticator app or a passkey inside an attempt; its confirmation completes the sign-in.
import { keepSetupKey, readAttempt } from '#domain/attempts/attempt.service.ts'
import type { Attempt } from '#domain/attempts/attempt.ts'
import { recordEvent } from '#domain/audit/audit.service.ts'
import { nameForNewPasskey } from '#domain/factors/passkeys/authenticator-names.ts'
import type { RegistrationResponse } from '#domain/factors/passkeys/ceremony.service.ts'
import { refusalCodeFor } from '#domain/factors/passkeys/passkey.ts'
import { addPasskey, registrationOptions, verifyRegistration } from '#domain/factors/passkeys/registration.service.ts'
import { newTotpSecret, setupKeyOf } from '#domain/factors/totp/setup-key.ts'
import { addConfirmedTotp } from '#domain/factors/totp/totp.service.ts'
import { DEFAULT_PARAMETERS, matchTotp, normaliseCode } from '#domain/factors/totp/totp.ts'
import { deviceWords } from '#domain/sessions/device.ts'
import { bucketsFor, limitRequestRate } from '#domain/throttle/guess.service.ts'
import { consumeGuess, NO_GUESS } from '#domain/throttle/throttle.service.ts'
import type { With } from '#foundation/context.ts'
import type { Transport } from '#foundation/kernel/principal.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { KeyringError } from '#foundation/platform/crypto/keyring-file.ts'
import { requireAllowed } from './allowed-factors.service.ts'
import {
  type AddFactor,
  completeEnrolment,
  type EnrolledSignIn,
  refuseEnrolment,
} from './enrolment-completion.service.ts'

type Deps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'config' | 'principal' | 'hasher' | 'limits'>

/** Returns the setup key of the attempt. It is created by the first call; later calls return the same key, so that a reload keeps it. Throws `factor.not_allowed`. */
export async function beginEnrolment(ctx: Deps, token: Secret) {
  const read = await readAttempt(ctx, token, 'enrolment')
  await requireAllowed(ctx, read, 'totp')
  const { attempt, user } = read
  const account = user?.username ?? attempt.profile.username ?? ''
  const { factorId, secret } = openSetupKey(ctx, await withSetupKey(ctx, token, attempt))
  return {
    id: factorId,
    expiresAt: attempt.expiresAt,
    ...setupKeyOf(secret, { issuer: ctx.config.instanceName, account }),
  }
}

async function withSetupKey(ctx: Deps, token: Secret, attempt: Attempt): Promise<Attempt> {
  if (attempt.factorId !== null) return attempt
  const factorId = ctx.newId()
  const secret = newTotpSecret(ctx.random)
  const sealedSecret = ctx.keyring.seal(secret.reveal(), { purpose: 'totp-secret', subject: attempt.subject, factorId })
  return keepSetupKey(ctx, token, { ...attempt, factorId, sealedSecret })
}

function openSetupKey({ keyring }: With<'keyring'>, { subject, factorId, sealedSecret }: Attempt) {
  if (factorId === null || sealedSecret === null) throw new Refusal('attempt.wrong_stage')
  try {
    return { factorId, secret: Secret.of(keyring.open(sealedSecret, { purpose: 'totp-secret', subject, factorId })) }
  } catch (error) {
    // The key that sealed the secret was removed since: this attempt cannot be completed, and the user starts a new one.
    if (error instanceof KeyringError) throw new Refusal('attempt.ended', {}, { cause: error })
    throw error
  }
}

/**
 * Confirms the app by its first code, consumes the code, and completes the sign-in in one transaction. Throws `attempt.ended`,
 * `attempt.wrong_stage`, `factor.not_allowed`, `attempt.code_wrong` or `throttle.blocked`; `setup.finished` if another set-up has completed first, and
 * `link.used` if the invitation was withdrawn since.
 */
export async function confirmEnrolment(
  ctx: Deps,
  { attempt: token, code, transport }: { attempt: Secret; code: string; transport: Transport },
): Promise<EnrolledSignIn> {
  const read = await readAttempt(ctx, token, 'enrolment')
  await requireAllowed(ctx, read, 'totp')
  const { attempt } = read
  const { factorId, secret } = openSetupKey(ctx, attempt)
  const guess = bucketsFor(ctx, { subject: attempt.subject, credentialEpoch: attempt.epoch }, ['code'])
  await consumeGuess(ctx, guess)
  const digits = normaliseCode(code)
  const key = { ...DEFAULT_PARAMETERS, secret: secret.reveal(), lastUsedStep: null }
  const match = digits === undefined ? undefined : matchTotp(key, digits, ctx.now)
  const counted = { attempt, kind: 'totp', guess } as const
  if (match === undefined)
    return refuseEnrolment(ctx, { ...counted, reason: 'wrong_code', refusal: 'attempt.code_wrong' })
  return completeEnrolment(ctx, { ...counted, nextSignIn: 'app', token, transport, add: addApp(factorId, match.step) })
}

function addApp(id: string, step: number): AddFactor {
  return async (ctx, { subject, sealedSecret }, user) => {
    if (sealedSecret === null) throw new Refusal('attempt.wrong_stage')
    await addConfirmedTotp(ctx, { id, subject, sealedSecret, step })
    await recordEvent(ctx, { action: 'totp.confirmed', actor: user.subject, target: user.subject, ending: {} })
  }
}

/** Returns the options for `navigator.credentials.create()` for the user of the attempt. */
export async function passkeyEnrolmentOptions(ctx: Deps, token: Secret) {
  const read = await readAttempt(ctx, token, 'enrolment')
  await requireAllowed(ctx, read, 'passkey')
  const { attempt, user } = read
  const username = user?.username ?? attempt.profile.username ?? ''
  const displayName = user?.fullName ?? attempt.profile.fullName ?? username
  return registrationOptions(ctx, { subject: attempt.subject, username, displayName, boundTo: attempt.id })
}

export interface PasskeyEnrolment {
  readonly attempt: Secret
  readonly response: RegistrationResponse
  /** Derived from the passkey and the device when left out. */
  readonly name?: string | undefined
  readonly transport: Transport
}

/**
 * Adds the passkey and completes the sign-in in one transaction. Throws `attempt.ended`, `attempt.wrong_stage`, `factor.not_allowed`, `passkey.refused`,
 * `passkey.challenge_ended` or `passkey.already_registered`; `throttle.blocked` after too many refusals in the network; and
 * `setup.finished` or `link.used` as `confirmEnrolment` does.
 */
export async function enrolPasskey(
  ctx: Deps,
  { attempt: token, response, name, transport }: PasskeyEnrolment,
): Promise<EnrolledSignIn> {
  const read = await readAttempt(ctx, token, 'enrolment')
  await requireAllowed(ctx, read, 'passkey')
  const { attempt } = read
  const verdict = await verifyRegistration(ctx, { subject: attempt.subject, boundTo: attempt.id, response })
  const counted = { attempt, kind: 'passkey', guess: NO_GUESS } as const
  if (verdict.outcome === 'refused') {
    limitRequestRate(ctx)
    return refuseEnrolment(ctx, { ...counted, reason: verdict.reason, refusal: refusalCodeFor(verdict.reason) })
  }
  const { registration } = verdict
  const device = deviceWords(ctx.principal.source.userAgent)
  const chosenName = name ?? nameForNewPasskey({ aaguid: registration.aaguid, device })
  return completeEnrolment(ctx, {
    ...counted,
    token,
    nextSignIn: registration.userVerified ? 'passkey' : 'password-and-passkey',
    transport,
    add: async (tx, _attempt, { subject }) => {
      const { id } = await addPasskey(tx, registration, { name: chosenName })
      const details = { passkey: id, name: chosenName }
      await recordEvent(tx, { action: 'passkey.registered', actor: subject, target: subject, details, ending: {} })
    },
  })
}
