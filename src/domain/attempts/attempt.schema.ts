import { presentEnds, presentToken, SESSION_ENDS, TOKEN_FIELDS } from '#domain/sessions/session.schema.ts'
import type { SessionLifetimes } from '#domain/sessions/session.ts'
import { presentUser, UserView } from '#domain/users/user.schema.ts'
import { toRfc3339 } from '#foundation/kernel/time.ts'
import { named } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import type { OpenedAttempt, SignInResult } from './attempt.service.ts'

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

export const GrantedSession = named(
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
