import {
  AttemptToken,
  CodeText,
  CompleteView,
  EXAMPLE_ATTEMPT,
  OpenedAttemptView,
  presentComplete,
  presentEnrolment,
} from '#domain/attempts/attempt.schema.ts'
import type { FinishOutcome } from '#domain/attempts/attempt.service.ts'
import { SECOND_FACTOR_KINDS } from '#domain/factors/factor-kind.ts'
import { EXAMPLE_ASSERTION, PasskeyAuthenticationResponse } from '#domain/factors/passkeys/passkey.schema.ts'
import { RENEWED_FIELDS, SESSION_ENDS, TOKEN_FIELDS } from '#domain/sessions/session.schema.ts'
import { toRfc3339 } from '#foundation/kernel/time.ts'
import { choice, distinguishedBy, named } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import { HeldSignInView, presentHeld } from './review.schema.ts'
import type { SignInStep } from './sign-in.service.ts'

const PasswordText = Type.String({ maxLength: 1024 })
/** Factors that are typed; a passkey has its own route. */
const TypedKind = choice(['totp', 'recovery-code'])
const TypedCode = Type.String({
  minLength: 1,
  maxLength: 64,
  description: 'A code of the authenticator app, or a recovery code; case, spaces and hyphens make no difference.',
})
const NameText = Type.String({ maxLength: 320, description: 'Username, or a confirmed email address.' })

export const Credentials = named(
  'Credentials',
  Type.Object(
    { username: NameText, password: PasswordText, code: Type.Optional(CodeText) },
    { examples: [{ username: 'ada', password: 'three calm words' }] },
  ),
)

export const SecondFactorProof = named(
  'SecondFactorProof',
  Type.Object(
    { attempt: AttemptToken, kind: TypedKind, proof: TypedCode },
    { examples: [{ attempt: EXAMPLE_ATTEMPT, kind: 'totp', proof: '123456' }] },
  ),
)

export const PasskeyOptionsRequest = named(
  'PasskeySignInOptionsWish',
  Type.Object(
    { attempt: Type.Optional(AttemptToken) },
    { examples: [{}], description: 'With an attempt for its second step, without one to sign in by passkey alone.' },
  ),
)

export const PasskeySignInForm = named(
  'PasskeySignIn',
  Type.Object(
    { attempt: Type.Optional(AttemptToken), response: PasskeyAuthenticationResponse },
    { examples: [{ response: EXAMPLE_ASSERTION }] },
  ),
)

const SecondFactorNeeded = named(
  'SecondFactorNeeded',
  Type.Object(
    {
      stage: Type.Literal('second-factor'),
      attempt: AttemptToken,
      offered: Type.Array(choice(SECOND_FACTOR_KINDS), {
        description: 'The second factors of the user, the one used last first; recovery codes come last.',
      }),
      expires_at: Type.String({ format: 'date-time', description: 'When the attempt ends.' }),
    },
    { description: 'The password is right; the second factor is missing.' },
  ),
)

export const SignInStepView = named(
  'SignInStep',
  distinguishedBy(
    'stage',
    Type.Union([CompleteView, SecondFactorNeeded, OpenedAttemptView, HeldSignInView], {
      description:
        'What is next, by `stage`: nothing more, the second factor, the set-up of one, or the review of the account.',
    }),
  ),
)

export const FinishedSignInView = named(
  'FinishedSignIn',
  distinguishedBy(
    'stage',
    Type.Union([CompleteView, OpenedAttemptView, HeldSignInView], {
      description:
        'By `stage`: the session, or what must come before it: the set-up of a second factor that the policies allow, or the review of the account.',
    }),
  ),
)

/** Returns the answer of a sign-in with all factors. */
export function presentFinished(finished: FinishOutcome): Static<typeof FinishedSignInView> {
  if (finished.stage === 'complete') return presentComplete(finished, finished.terms)
  return finished.stage === 'enrolment' ? presentEnrolment(finished) : presentHeld(finished)
}

/** A step of a sign-in as the API returns it. The attempt token or session token is revealed here. */
export function presentStep(step: SignInStep): Static<typeof SignInStepView> {
  if (step.stage === 'complete') return presentComplete(step, step.terms)
  if (step.stage === 'enrolment') return presentEnrolment(step)
  if (step.stage === 'review') return presentHeld(step)
  const { stage, attempt, offered, expiresAt } = step
  return { stage, attempt: attempt.reveal(), offered: [...offered], expires_at: toRfc3339(expiresAt) }
}

/** The OAuth 2.0 password form (RFC 6749 §4.3.2) as the legacy app reads it. */
export const TokenForm = named(
  'TokenForm',
  Type.Object(
    {
      username: Type.String({ maxLength: 320 }),
      password: Type.String({
        maxLength: 1024,
        description: 'The password with the six digits of the code appended, or the password alone beside `totp`.',
      }),
      totp: Type.Optional(
        Type.String({
          maxLength: 32,
          description: 'The code, for clients that keep it apart; a code of eight digits comes here only.',
        }),
      ),
      grant_type: Type.Optional(Type.Literal('password')),
      scope: Type.Optional(Type.String()),
      client_id: Type.Optional(Type.String()),
      client_secret: Type.Optional(Type.String()),
    },
    {
      additionalProperties: true,
      examples: [
        { username: 'ada', password: 'three calm words123456' },
        { username: 'ada', password: 'three calm words', totp: '123456' },
      ],
    },
  ),
)

export const TokenView = named(
  'Token',
  Type.Object(TOKEN_FIELDS, { description: 'The session of the user, as an access token response of OAuth 2.0.' }),
)

export const ReauthenticationForm = named(
  'ReauthenticationInput',
  Type.Object(
    {
      password: Type.Optional(PasswordText),
      code: Type.Optional(TypedCode),
      kind: Type.Optional(TypedKind),
      passkey: Type.Optional(PasskeyAuthenticationResponse),
    },
    {
      examples: [{ password: 'three calm words', code: '123456' }],
      description:
        'Password and code (of the app, or a recovery code with `kind`), or a passkey: alone where it verifies its user, else beside the password.',
    },
  ),
)

export const ReauthenticationView = named(
  'Reauthenticated',
  Type.Object(
    { authenticated_until: Type.String({ format: 'date-time' }), ...RENEWED_FIELDS },
    { description: 'The session continues under another token; the token of the request no longer works.' },
  ),
)

export const SessionView = named(
  'CurrentSession',
  Type.Object(
    {
      id: Type.String(),
      methods: Type.Array(Type.String(), {
        description: 'The factors verified at sign-in; `remembered-device` where the second one was skipped.',
      }),
      started_at: Type.String({ format: 'date-time' }),
      ...SESSION_ENDS,
      authenticated_until: Type.String({
        format: 'date-time',
        description: 'Until then the last authentication counts as recent.',
      }),
    },
    { description: 'The session of the request.' },
  ),
)
