// Sets up an authenticator app inside an attempt; its confirmation completes the sign-in.
import { recordEvent } from '../audit/audit.service.ts'
import type { With } from '../../foundation/context.ts'
import { setupKeyOf, newTotpSecret } from '../factors/totp/setup-key.ts'
import type { SetupKey } from '../factors/totp/setup-key.ts'
import { addConfirmedTotp } from '../factors/totp/totp.service.ts'
import { DEFAULT_PARAMETERS, matchTotp, normaliseCode } from '../factors/totp/totp.ts'
import type { Transport } from '../../foundation/kernel/principal.ts'
import { Refusal } from '../../foundation/kernel/refusal.ts'
import { Secret } from '../../foundation/kernel/secret.ts'
import type { Instant } from '../../foundation/kernel/time.ts'
import { KeyringError } from '../../foundation/platform/crypto/keyring-file.ts'
import type { SealedFor } from '../../foundation/platform/crypto/sealing.ts'
import { bucketsFor } from '../throttle/guess.service.ts'
import { consumeGuess } from '../throttle/throttle.service.ts'
import type { Attempt } from './attempt.ts'
import { putSetupKey, selectAttempt } from './attempt.queries.ts'
import { readAttempt } from './attempt.service.ts'
import { completeEnrolment, refuseEnrolment } from './enrolment-completion.service.ts'
import type { AddFactor, EnrolledSignIn } from './enrolment-completion.service.ts'
import { hashOf } from '../../foundation/kernel/secret-token.ts'

type Deps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'config' | 'principal' | 'hasher' | 'limits'>

export interface BegunEnrolment extends SetupKey {
  readonly factorId: string
  readonly expiresAt: Instant
}

/** Returns the setup key of the attempt. It is created by the first call; later calls return the same key, so that a reload keeps it. */
export async function beginEnrolment(ctx: Deps, token: Secret): Promise<BegunEnrolment> {
  const { attempt, user } = await readAttempt(ctx, token, 'enrolment')
  const account = user?.username ?? attempt.profile.username ?? ''
  const { factorId, secret } = openSetupKey(ctx, await withSetupKey(ctx, token, attempt))
  return { factorId, expiresAt: attempt.expiresAt, ...setupKeyOf(secret, { issuer: ctx.config.instanceName, account }) }
}

async function withSetupKey(ctx: Deps, token: Secret, attempt: Attempt): Promise<Attempt> {
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

// The key that sealed the secret was removed since: this attempt cannot be completed, and the user starts a new one.
function openOrEnd({ keyring }: With<'keyring'>, sealed: string, about: SealedFor): Uint8Array {
  try {
    return keyring.open(sealed, about)
  } catch (error) {
    if (error instanceof KeyringError) throw new Refusal('attempt.ended', {}, { cause: error })
    throw error
  }
}

export interface EnrolmentConfirmation {
  readonly attempt: Secret
  readonly code: string
  readonly transport: Transport
}

/**
 * Confirms the app by its first code, consumes the code, and completes the sign-in in one transaction. Throws `attempt.ended`,
 * `attempt.wrong_stage`, `attempt.code_wrong` or `throttle.blocked`; `setup.finished` if another set-up has completed first, and
 * `link.used` if the invitation was withdrawn since.
 */
export async function confirmEnrolment(
  ctx: Deps,
  { attempt: token, code, transport }: EnrolmentConfirmation,
): Promise<EnrolledSignIn> {
  const { attempt } = await readAttempt(ctx, token, 'enrolment')
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
    await recordEvent(ctx, { action: 'totp.confirmed', actor: user.subject, target: user.subject })
  }
}
