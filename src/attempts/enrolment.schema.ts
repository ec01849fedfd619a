import { Type } from '../web/type.ts'
import type { Static } from '../web/type.ts'

import { EXAMPLE_REGISTRATION, PasskeyRegistrationResponse } from '../factors/passkeys/passkey.schema.ts'
import { toRfc3339 } from '../kernel/time.ts'
import { givenName } from '../web/given-name.ts'
import { named } from '../web/schema.ts'
import { AttemptToken, CodeText, EXAMPLE_ATTEMPT } from './attempt.schema.ts'
import type { BegunEnrolment } from './enrolment.service.ts'

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

export const SetupKeyView = named(
  'SetupKey',
  Type.Object({
    id: Type.String(),
    secret: Type.String({ description: 'The setup key in base32, for typing into an authenticator app.' }),
    otpauth_uri: Type.String({ description: 'The same as a link that opens an authenticator app on this device.' }),
    qr_svg: Type.String({ description: 'The same as a QR code: an SVG document.' }),
    expires_at: Type.String({ format: 'date-time', description: 'Confirm with a code before then.' }),
  }),
)

export function presentSetupKey(begun: BegunEnrolment): Static<typeof SetupKeyView> {
  return {
    id: begun.factorId,
    secret: begun.secret.reveal(),
    otpauth_uri: begun.otpauthUri.reveal(),
    qr_svg: begun.qrSvg.reveal(),
    expires_at: toRfc3339(begun.expiresAt),
  }
}
