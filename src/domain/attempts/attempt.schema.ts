import { EXAMPLE_REGISTRATION, PasskeyRegistrationResponse } from '#domain/factors/passkeys/passkey.schema.ts'
import { presentEnds, presentToken, SESSION_ENDS, TOKEN_FIELDS } from '#domain/sessions/session.schema.ts'
import type { SessionLifetimes } from '#domain/sessions/session.ts'
import { presentUser, UserView } from '#domain/users/user.schema.ts'
import { toRfc3339 } from '#foundation/kernel/time.ts'
import { givenName, named } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import type { OpenedAttempt, SignInResult } from './attempt.service.ts'
import type { EnrolledSignIn } from './enrolment-completion.service.ts'

export const AttemptToken = Type.String({
  minLength: 1,
  maxLength: 100,
  description: 'The token of the sign-in attempt, from the answer of the first step; valid for its next step only.',
})

/** The placeholder for an attempt's token in examples. */
export const EXAMPLE_ATTEMPT = 'the attempt from the first step'

export const CodeText = Type.String({
  minLength: 1,
  maxLength: 32,
  description: 'A code of the authenticator app; spaces and digits of any script are accepted.',
})

const GrantedSession = named(
  'GrantedSession',
  Type.Object({ ...TOKEN_FIELDS, ...SESSION_ENDS }, { description: 'The new session.' }),
)

export const CompleteView = named(
  'CompleteSignIn',
  Type.Object(
    {
      stage: Type.Literal('complete'),
      session: GrantedSession,
      user: UserView,
      recovery_codes_left: Type.Optional(Type.Integer({ description: 'Where one was used: how many are left.' })),
    },
    { description: 'Signed in: the session and its user.' },
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

/** Returns the answer with the session's token in its body, for clients that use the bearer transport. */
export function presentComplete(
  { session, token, user, recoveryCodesLeft }: SignInResult,
  lifetimes: SessionLifetimes,
): Static<typeof CompleteView> {
  return {
    stage: 'complete',
    session: { ...presentToken(token, session, lifetimes), ...presentEnds(session, lifetimes) },
    user: presentUser(user),
    ...(recoveryCodesLeft === null ? {} : { recovery_codes_left: recoveryCodesLeft }),
  }
}

export const OpenedAttemptView = named(
  'OpenedAttempt',
  Type.Object(
    {
      stage: Type.Literal('enrolment'),
      attempt: AttemptToken,
      expires_at: Type.String({ format: 'date-time', description: 'When the attempt ends.' }),
    },
    { description: 'The password is correct; the next step sets up a second factor.' },
  ),
)

/** Returns the answer for an attempt at stage `enrolment`. */
export function presentEnrolment({ attempt, expiresAt }: OpenedAttempt): Static<typeof OpenedAttemptView> {
  return { stage: 'enrolment', attempt: attempt.reveal(), expires_at: toRfc3339(expiresAt) }
}

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
