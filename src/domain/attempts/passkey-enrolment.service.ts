// Setting up a passkey inside an attempt; it completes the sign-in.
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

/** What to hand to the browser to make a passkey for whoever this attempt is of. */
export async function passkeyEnrolmentOptions(ctx: Deps, token: Secret) {
  const { attempt, user } = await readAttempt(ctx, token, 'enrolment')
  const username = user?.username ?? attempt.profile.username ?? ''
  const displayName = user?.fullName ?? attempt.profile.fullName ?? username
  return registrationOptions(ctx, { subject: attempt.subject, username, displayName, boundTo: attempt.id })
}

export interface PasskeyEnrolment {
  readonly attempt: Secret
  readonly response: RegistrationResponse
  /** What to call it; told from the passkey itself when left out. */
  readonly name?: string | undefined
  readonly transport: Transport
}

/**
 * Adds the passkey, writes what the attempt was for, and completes the sign-in, all in one transaction. Refuses with
 * `attempt.ended`, `attempt.wrong_stage`, `passkey.refused`, `passkey.challenge_ended`, `passkey.already_registered`, with
 * `throttle.blocked` a network that is refused without end, and as the confirmation of an app does where somebody was faster.
 */
export async function enrolPasskey(
  ctx: Deps,
  { attempt: token, response, name, transport }: PasskeyEnrolment,
): Promise<EnrolledSignIn> {
  const { attempt } = await readAttempt(ctx, token, 'enrolment')
  const verdict = await verifyRegistration(ctx, { subject: attempt.subject, boundTo: attempt.id, response })
  const drawn = { attempt, kind: 'passkey', guess: NO_GUESS } as const
  if (verdict.outcome === 'refused') {
    const { reason } = verdict
    limitRequestRate(ctx)
    return refuseEnrolment(ctx, { ...drawn, reason, refusal: refusalCodeFor(reason) })
  }
  const { registration } = verdict
  const called =
    name ?? nameForNewPasskey({ aaguid: registration.aaguid, device: deviceWords(ctx.principal.source.userAgent) })
  return completeEnrolment(ctx, {
    ...drawn,
    token,
    nextSignIn: registration.userVerified ? 'passkey' : 'password-and-passkey',
    transport,
    add: async (tx, _attempt, { subject }) => {
      const { id } = await addPasskey(tx, registration, { name: called })
      const details = { passkey: id, name: called }
      await recordEvent(tx, { action: 'passkey.registered', actor: subject, target: subject, details })
    },
  })
}
