// Sets up a passkey inside an attempt, which completes the sign-in.
import { recordEvent } from '../audit/audit.service.ts'
import type { With } from '../../foundation/context.ts'
import { nameForNewPasskey } from '../factors/passkeys/authenticator-names.ts'
import type { RegistrationResponse } from '../factors/passkeys/ceremony.service.ts'
import { refusalCodeFor } from '../factors/passkeys/passkey.ts'
import { addPasskey, registrationOptions, verifyRegistration } from '../factors/passkeys/registration.service.ts'
import type { Transport } from '../../foundation/kernel/principal.ts'
import type { Secret } from '../../foundation/kernel/secret.ts'
import { deviceWords } from '../sessions/device.ts'
import { limitRequestRate } from '../throttle/request-rate.ts'
import { NO_GUESS } from '../throttle/throttle.service.ts'
import { readAttempt } from './attempt.service.ts'
import { completeEnrolment, refuseEnrolment } from './enrolment-completion.service.ts'
import type { EnrolledSignIn } from './enrolment-completion.service.ts'

type Deps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'config' | 'principal' | 'hasher' | 'limits'>

/** Returns the options for `navigator.credentials.create()` for the user of the attempt. */
export async function passkeyEnrolmentOptions(ctx: Deps, token: Secret) {
  const { attempt, user } = await readAttempt(ctx, token, 'enrolment')
  const username = user?.username ?? attempt.profile.username ?? ''
  const displayName = user?.fullName ?? attempt.profile.fullName ?? username
  return registrationOptions(ctx, { subject: attempt.subject, username, displayName, boundTo: attempt.id })
}

export interface PasskeyEnrolment {
  readonly attempt: Secret
  readonly response: RegistrationResponse
  /** The name of the passkey; derived from the passkey and the device when left out. */
  readonly name?: string | undefined
  readonly transport: Transport
}

/**
 * Adds the passkey and completes the sign-in in one transaction. Throws `attempt.ended`, `attempt.wrong_stage`, `passkey.refused`,
 * `passkey.challenge_ended` or `passkey.already_registered`; `throttle.blocked` after too many refusals in the network; and
 * `setup.finished` or `link.used` as `confirmEnrolment` does.
 */
export async function enrolPasskey(
  ctx: Deps,
  { attempt: token, response, name, transport }: PasskeyEnrolment,
): Promise<EnrolledSignIn> {
  const { attempt } = await readAttempt(ctx, token, 'enrolment')
  const verdict = await verifyRegistration(ctx, { subject: attempt.subject, boundTo: attempt.id, response })
  const counted = { attempt, kind: 'passkey', guess: NO_GUESS } as const
  if (verdict.outcome === 'refused') {
    const { reason } = verdict
    limitRequestRate(ctx)
    return refuseEnrolment(ctx, { ...counted, reason, refusal: refusalCodeFor(reason) })
  }
  const { registration } = verdict
  const chosenName =
    name ?? nameForNewPasskey({ aaguid: registration.aaguid, device: deviceWords(ctx.principal.source.userAgent) })
  return completeEnrolment(ctx, {
    ...counted,
    token,
    nextSignIn: registration.userVerified ? 'passkey' : 'password-and-passkey',
    transport,
    add: async (tx, _attempt, { subject }) => {
      const { id } = await addPasskey(tx, registration, { name: chosenName })
      const details = { passkey: id, name: chosenName }
      await recordEvent(tx, { action: 'passkey.registered', actor: subject, target: subject, details })
    },
  })
}
