import { Type } from '../../web/type.ts'
import type { Static } from '../../web/type.ts'

import { toRfc3339, toRfc3339OrNull } from '../../kernel/time.ts'
import type { Instant } from '../../kernel/time.ts'
import { givenName } from '../../web/given-name.ts'
import { named, nullable } from '../../web/schema.ts'
import { AcceptedCredentialsView, PasskeyView } from './own-passkeys.schema.ts'
import { RecoveryCodes, RecoveryCodesLeftView } from './own-recovery-codes.schema.ts'

const Moment = Type.String({ format: 'date-time' })
const MomentOrNull = nullable(Type.String({ format: 'date-time' }))
export const AppName = givenName('What you call it, such as the phone it is on.')

export const AuthenticatorApp = named(
  'AuthenticatorApp',
  Type.Object(
    {
      id: Type.String(),
      name: Type.String(),
      created_at: Moment,
      confirmed_at: nullable(Type.String({ format: 'date-time', description: 'Null while no code has confirmed it.' })),
      last_used_at: MomentOrNull,
    },
    { additionalProperties: false },
  ),
)

/** The same at its confirmation, and, for somebody who had none, their recovery codes. */
export const ConfirmedAuthenticatorApp = named(
  'ConfirmedAuthenticatorApp',
  Type.Object({ ...AuthenticatorApp.properties, recovery_codes: Type.Optional(RecoveryCodes) }),
)

/** What somebody can prove themselves with; secrets are shown once, when they are made, and never here. */
export const FactorList = named(
  'FactorList',
  Type.Object({
    password: nullable(Type.Object({ changed_at: MomentOrNull })),
    totp: Type.Array(AuthenticatorApp),
    passkeys: Type.Array(PasskeyView),
    recovery_codes: RecoveryCodesLeftView,
    accepted_credentials: AcceptedCredentialsView,
  }),
)

export const NewAuthenticatorApp = named(
  'NewAuthenticatorApp',
  Type.Object(
    {
      name: Type.Optional(AppName),
      replaces: Type.Optional(
        Type.String({ maxLength: 64, description: 'The app that ends, once this one is confirmed.' }),
      ),
    },
    { additionalProperties: false, examples: [{ name: 'New phone' }] },
  ),
)

export const SetupKeyView = named(
  'OwnSetupKey',
  Type.Object({
    id: Type.String(),
    secret: Type.String({ description: 'Base32, to be typed where no QR code can be scanned. Shown this once.' }),
    otpauth_uri: Type.String({ description: 'The same with issuer and account, for the app to open.' }),
    qr_svg: Type.String({ description: 'The same as a QR code: an SVG document.' }),
    expires_at: Type.String({ format: 'date-time', description: 'Until when a first code confirms it.' }),
  }),
)

export const ConfirmingCode = named(
  'ConfirmingCode',
  Type.Object(
    { code: Type.String({ maxLength: 64, description: 'The six digits that the new app shows.' }) },
    { additionalProperties: false, examples: [{ code: '123456' }] },
  ),
)

export const AppRename = named(
  'AppRename',
  Type.Object({ name: AppName }, { additionalProperties: false, examples: [{ name: 'Old phone' }] }),
)

export const AppParameters = Type.Object({ id: Type.String({ maxLength: 64 }) })

interface ShownApp {
  readonly id: string
  readonly name: string
  readonly createdAt: Instant
  readonly confirmedAt: Instant | null
  readonly lastUsedAt: Instant | null
}

export function presentApp(app: ShownApp): Static<typeof AuthenticatorApp> {
  return {
    id: app.id,
    name: app.name,
    created_at: toRfc3339(app.createdAt),
    confirmed_at: toRfc3339OrNull(app.confirmedAt),
    last_used_at: toRfc3339OrNull(app.lastUsedAt),
  }
}
