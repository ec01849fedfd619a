import { type Instant, toRfc3339 } from '#foundation/kernel/time.ts'
import { named } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import type { SetupKey } from './setup-key.ts'

export const SetupKeyView = named(
  'SetupKey',
  Type.Object(
    {
      id: Type.String(),
      secret: Type.String({ description: 'The setup key in base32, for typing into an authenticator app.' }),
      otpauth_uri: Type.String({ description: 'The same as a link that opens an authenticator app on this device.' }),
      qr_svg: Type.String({ description: 'The same as a QR code: an SVG document.' }),
      expires_at: Type.String({ format: 'date-time', description: 'Until when a first code confirms it.' }),
    },
    { description: 'What an authenticator app is set up with, in three forms; not shown again once it is confirmed.' },
  ),
)

/** Returns the JSON form of a setup key, which reveals the secret to the user. */
export function presentSetupKey(
  key: SetupKey & { readonly id: string; readonly expiresAt: Instant },
): Static<typeof SetupKeyView> {
  return {
    id: key.id,
    secret: key.secret.reveal(),
    otpauth_uri: key.otpauthUri.reveal(),
    qr_svg: key.qrSvg.reveal(),
    expires_at: toRfc3339(key.expiresAt),
  }
}
