import { named, nullable } from '#foundation/web/http/schema.ts'
import { Type } from '#foundation/web/http/type.ts'
import { AcceptedCredentialsView, PasskeyView } from '../passkeys/own-passkeys.schema.ts'
import { RecoveryCodesLeftView } from '../recovery-codes/own-recovery-codes.schema.ts'
import { AuthenticatorApp, MomentOrNull } from '../totp/own-apps.schema.ts'

export const FactorList = named(
  'FactorList',
  Type.Object(
    {
      password: nullable(Type.Object({ changed_at: MomentOrNull })),
      totp: Type.Array(AuthenticatorApp),
      passkeys: Type.Array(PasskeyView),
      recovery_codes: RecoveryCodesLeftView,
      accepted_credentials: AcceptedCredentialsView,
    },
    { description: 'Your factors; a secret is shown once, when it is created, and never here.' },
  ),
)
