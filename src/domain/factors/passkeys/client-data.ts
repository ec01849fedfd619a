import type { PasskeyReason } from './passkey.ts'

/** The browser's statement of the request and its origin (WebAuthn Level 3 §5.8.1), which the signature covers. */
export interface ClientData {
  readonly type: string
  readonly challenge: string
  readonly origin: string
  readonly crossOrigin: boolean
}

/** Returns the fields of `clientDataJSON` in base64url; undefined if it is malformed. Other fields are ignored. */
export function readClientData(base64url: string): ClientData | undefined {
  const value = parsed(Buffer.from(base64url, 'base64url').toString('utf8'))
  if (typeof value !== 'object' || value === null) return undefined
  const { type, challenge, origin, crossOrigin = false, topOrigin } = value as Readonly<Record<string, unknown>>
  if (typeof type !== 'string' || typeof challenge !== 'string' || typeof origin !== 'string') return undefined
  return { type, challenge, origin, crossOrigin: crossOrigin !== false || topOrigin !== undefined }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Returns why the client data is not for this request: another ceremony, another origin, or a frame of another site. */
export function checkClientData(
  { type, origin, crossOrigin }: ClientData,
  wanted: { type: 'webauthn.create' | 'webauthn.get'; origin: string },
): PasskeyReason | undefined {
  if (type !== wanted.type) return 'other_type'
  if (origin !== wanted.origin) return 'other_origin'
  return crossOrigin ? 'cross_origin' : undefined
}
