// The WebAuthn library: loads it, and wraps its decoders.
import type * as Server from '@simplewebauthn/server'
import type * as Helpers from '@simplewebauthn/server/helpers'

import type { CoseKey } from './cose-key.ts'

type Library = typeof Server & typeof Helpers
type Encodable = Parameters<Library['isoCBOR']['encode']>[0]

let library: Promise<Library> | undefined

/** Loads the library at the first use of a passkey, because it takes a sixth of a second and 25 MB. */
export function loadLibrary(): Promise<Library> {
  library ??= Promise.all([import('@simplewebauthn/server'), import('@simplewebauthn/server/helpers')]).then(
    ([server, helpers]) => ({ ...server, ...helpers }),
  )
  return library
}

/**
 * Returns the contents of an attestation object; undefined if it is malformed. The statement is kept if it is `none` or a
 * self-attestation. A statement with certificates is removed: none was requested, no root is trusted, and following the URLs in
 * certificates would let an attacker make the server send requests (SSRF).
 */
export function readAttestation(
  { decodeAttestationObject, parseAuthenticatorData, ...helpers }: Library,
  text: string,
) {
  try {
    const bytes = bytesOf(text)
    const object = decodeAttestationObject(bytes)
    // The decoder stops after the first CBOR item; an object with trailing bytes is rejected.
    if (helpers.isoCBOR.encode(object as unknown as Encodable).length !== bytes.length) return undefined
    const [format, statement, authData] = [object.get('fmt'), object.get('attStmt'), object.get('authData')]
    const { credentialID, credentialPublicKey, flags, rpIdHash } = parseAuthenticatorData(authData)
    if (credentialID === undefined || credentialPublicKey === undefined) return undefined
    const isOwn = format === 'none' || (format === 'packed' && statement.get('x5c') === undefined)
    return {
      attestationObject: isOwn ? text : withoutStatement(helpers, authData),
      key: decodeCoseKey(helpers, credentialPublicKey),
      credentialId: Buffer.from(credentialID).toString('base64url'),
      flags,
      rpIdHash,
    }
  } catch {
    return undefined
  }
}

function withoutStatement({ isoCBOR }: Pick<Library, 'isoCBOR'>, authData: Uint8Array): string {
  const fields: [string, Encodable][] = [
    ['fmt', 'none'],
    ['attStmt', new Map()],
    ['authData', authData],
  ]
  return Buffer.from(isoCBOR.encode(new Map(fields))).toString('base64url')
}

/** Decodes a COSE key. Throws if it is malformed. */
export function decodeCoseKey(
  { decodeCredentialPublicKey }: Pick<Library, 'decodeCredentialPublicKey'>,
  bytes: Uint8Array<ArrayBuffer>,
): CoseKey {
  return decodeCredentialPublicKey(bytes)
}

/** Decodes base64url to a new array, as the types of the library require. */
export function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(base64url, 'base64url'))
}

/** Returns undefined if `work` throws: the library throws for each invalid input, and its message is not used. */
export async function orUndefined<Value>(work: () => Value | Promise<Value>): Promise<Value | undefined> {
  try {
    return await work()
  } catch {
    return undefined
  }
}
