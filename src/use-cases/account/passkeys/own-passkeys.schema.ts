import { EXAMPLE_REGISTRATION, PasskeyRegistrationResponse } from '#domain/factors/passkeys/passkey.schema.ts'
import type { Passkey } from '#domain/factors/passkeys/passkey.service.ts'
import { RENEWED_FIELDS } from '#domain/sessions/session.schema.ts'
import { toRfc3339, toRfc3339OrNull } from '#foundation/kernel/time.ts'
import { givenName, named, nullable } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import { SignOutOthers } from '../own-account/sign-out-others.schema.ts'
import { RecoveryCodes } from '../recovery-codes/own-recovery-codes.schema.ts'

export const PasskeyName = givenName('What you call it, such as the device it is on.')

export const PasskeyView = named(
  'Passkey',
  Type.Object(
    {
      id: Type.String(),
      name: Type.String(),
      created_at: Type.String({ format: 'date-time' }),
      last_used_at: nullable(Type.String({ format: 'date-time' })),
      synced: Type.Boolean({ description: 'Its provider keeps a copy for other devices of the same user.' }),
      transports: Type.Array(Type.String(), { description: 'How browsers reach it.' }),
    },
    { description: 'A passkey, without its public key.', additionalProperties: false },
  ),
)

export const AddedPasskeyView = named(
  'AddedPasskey',
  Type.Object(
    { ...PasskeyView.properties, recovery_codes: Type.Optional(RecoveryCodes), ...RENEWED_FIELDS },
    {
      description: 'The passkey; recovery codes, if the user had no set; and the new token of the session.',
    },
  ),
)

export const AcceptedCredentialsView = named(
  'AcceptedCredentials',
  Type.Object(
    { rpId: Type.String(), userId: Type.String(), allAcceptedCredentialIds: Type.Array(Type.String()) },
    { description: 'As `PublicKeyCredential.signalAllAcceptedCredentials()` takes it.' },
  ),
)

export const NewPasskeyForm = named(
  'NewPasskey',
  Type.Object(
    { response: PasskeyRegistrationResponse, name: Type.Optional(PasskeyName), sign_out_others: SignOutOthers },
    { additionalProperties: false, examples: [{ response: EXAMPLE_REGISTRATION, name: 'Phone' }] },
  ),
)

export const PasskeyRename = named(
  'PasskeyRename',
  Type.Object({ name: PasskeyName }, { additionalProperties: false, examples: [{ name: 'Old phone' }] }),
)

export const PasskeyParameters = Type.Object({ id: Type.String({ maxLength: 64 }) })

/** A passkey as the API returns it, without its public key. */
export function presentPasskey(passkey: Passkey): Static<typeof PasskeyView> {
  return {
    id: passkey.id,
    name: passkey.name,
    created_at: toRfc3339(passkey.createdAt),
    last_used_at: toRfc3339OrNull(passkey.lastUsedAt),
    synced: passkey.backedUpAt !== null,
    transports: [...passkey.transports],
  }
}
