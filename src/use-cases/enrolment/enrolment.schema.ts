import {
  AttemptToken,
  CodeText,
  EXAMPLE_ATTEMPT,
  GrantedSession,
  presentComplete,
} from '#domain/attempts/attempt.schema.ts'
import { EXAMPLE_REGISTRATION, PasskeyRegistrationResponse } from '#domain/factors/passkeys/passkey.schema.ts'
import type { SessionLifetimes } from '#domain/sessions/session.ts'
import { UserView } from '#domain/users/user.schema.ts'
import { givenName, named } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import type { EnrolledSignIn } from './enrolment-completion.service.ts'

export const BeginEnrolment = named(
  'BeginEnrolment',
  Type.Object({ attempt: AttemptToken }, { examples: [{ attempt: EXAMPLE_ATTEMPT }] }),
)

export const ConfirmEnrolment = named(
  'ConfirmEnrolment',
  Type.Object({ attempt: AttemptToken, code: CodeText }, { examples: [{ attempt: EXAMPLE_ATTEMPT, code: '123456' }] }),
)

export const EnrolledName = givenName('What you call it.')

export const PasskeyEnrolmentForm = named(
  'PasskeyEnrolment',
  Type.Object(
    { attempt: AttemptToken, response: PasskeyRegistrationResponse, name: Type.Optional(EnrolledName) },
    { examples: [{ attempt: EXAMPLE_ATTEMPT, response: EXAMPLE_REGISTRATION, name: 'Phone' }] },
  ),
)

export const EnrolledView = named(
  'CompleteEnrolment',
  Type.Object(
    {
      stage: Type.Literal('complete'),
      session: GrantedSession,
      user: UserView,
      recovery_codes: Type.Array(Type.String(), {
        description: 'Each works once in the place of the second factor. Shown this once.',
      }),
    },
    { description: 'Signed in with the new second factor: the session, its user and their recovery codes.' },
  ),
)

/** Returns the answer of a completed enrolment, with the recovery codes, which are shown once. */
export function presentEnrolled(enrolled: EnrolledSignIn, lifetimes: SessionLifetimes): Static<typeof EnrolledView> {
  return {
    ...presentComplete(enrolled, lifetimes),
    recovery_codes: enrolled.recoveryCodes.map((code) => code.reveal()),
  }
}
