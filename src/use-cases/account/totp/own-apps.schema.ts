import { RENEWED_FIELDS } from '#domain/sessions/session.schema.ts'
import { toRfc3339, toRfc3339OrNull } from '#foundation/kernel/time.ts'
import { givenName, named, nullable } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import { SignOutOthers } from '../own-account/sign-out-others.schema.ts'
import { RecoveryCodes } from '../recovery-codes/own-recovery-codes.schema.ts'
import type { OwnTotp } from './own-apps.service.ts'

const Moment = Type.String({ format: 'date-time' })
export const MomentOrNull = nullable(Type.String({ format: 'date-time' }))
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
    { description: 'An authenticator app; its secret was shown when it was created.', additionalProperties: false },
  ),
)

export const ConfirmedAuthenticatorApp = named(
  'ConfirmedAuthenticatorApp',
  Type.Object(
    { ...AuthenticatorApp.properties, recovery_codes: Type.Optional(RecoveryCodes), ...RENEWED_FIELDS },
    {
      description:
        'The app, which is confirmed now; recovery codes, if the user had no set; and the new token of the session.',
    },
  ),
)

export const NewAuthenticatorApp = named(
  'NewAuthenticatorApp',
  Type.Object(
    {
      name: Type.Optional(AppName),
      replaces: Type.Optional(
        Type.String({ maxLength: 64, description: 'The app that is removed once this one is confirmed.' }),
      ),
    },
    { additionalProperties: false, examples: [{ name: 'New phone' }] },
  ),
)

export const ConfirmingCode = named(
  'ConfirmingCode',
  Type.Object(
    {
      code: Type.String({ maxLength: 64, description: 'The six digits that the new app shows.' }),
      sign_out_others: SignOutOthers,
    },
    { additionalProperties: false, examples: [{ code: '123456' }] },
  ),
)

export const AppRename = named(
  'AppRename',
  Type.Object({ name: AppName }, { additionalProperties: false, examples: [{ name: 'Old phone' }] }),
)

export const AppParameters = Type.Object({ id: Type.String({ maxLength: 64 }) })

/** An app as the API returns it, without its secret. */
export function presentApp(app: OwnTotp): Static<typeof AuthenticatorApp> {
  return {
    id: app.id,
    name: app.name,
    created_at: toRfc3339(app.createdAt),
    confirmed_at: toRfc3339OrNull(app.confirmedAt),
    last_used_at: toRfc3339OrNull(app.lastUsedAt),
  }
}
