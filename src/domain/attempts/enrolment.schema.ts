import { Type } from '../../foundation/web/http/type.ts'

import { EXAMPLE_REGISTRATION, PasskeyRegistrationResponse } from '../factors/passkeys/passkey.schema.ts'
import { givenName, named } from '../../foundation/web/http/schema.ts'
import { AttemptToken, CodeText, EXAMPLE_ATTEMPT } from './attempt.schema.ts'

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
    {
      attempt: AttemptToken,
      response: PasskeyRegistrationResponse,
      name: Type.Optional(EnrolledName),
    },
    { examples: [{ attempt: EXAMPLE_ATTEMPT, response: EXAMPLE_REGISTRATION, name: 'Phone' }] },
  ),
)
