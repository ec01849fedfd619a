// The library, and what we ask of it beside its two verifications.
import type * as Server from '@simplewebauthn/server'
import type * as Helpers from '@simplewebauthn/server/helpers'

import type { CoseKey } from './cose-key.ts'

type Library = typeof Server & typeof Helpers
type Encodable = Parameters<Library['isoCBOR']['encode']>[0]

let library: Promise<Library> | undefined

/** A sixth of a second and 25 MB, so not before the first passkey has come. */
export function loadLibrary(): Promise<Library> {
  library ??= Promise.all([import('@simplewebauthn/server'), import('@simplewebauthn/server/helpers')]).then(
    ([server, helpers]) => ({ ...server, ...helpers }),
  )
  return library
}

/**
 * What an attestation object holds. Its statement is kept where it is none or made with the passkey's own key; one with
 * certificates is left aside unread: nobody asked for it, nobody is trusted for it, and to follow certificates is to
 * call whatever address a stranger wrote into them.
 */
export function readAttestation(
  { decodeAttestationObject, parseAuthenticatorData, ...helpers }: Library,
  text: string,
) {
  try {
    const bytes = bytesOf(text)
    const object = decodeAttestationObject(bytes)
    // The decoder stops after the first item; whatever follows it has no meaning.
    if (helpers.isoCBOR.encode(object as unknown as Encodable).length !== bytes.length) return undefined
    const [format, statement, authData] = [object.get('fmt'), object.get('attStmt'), object.get('authData')]
    const { credentialID, credentialPublicKey, flags, rpIdHash } = parseAuthenticatorData(authData)
    if (credentialID === undefined || credentialPublicKey === undefined) return undefined
    const isOwn = format === 'none' || (format === 'packed' && statement.get('x5c') === undefined)
    return {
      attestationObject: isOwn ? text : withoutStatement(helpers, authData),
      key: keyOf(helpers, credentialPublicKey),
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

export function keyOf(
  { decodeCredentialPublicKey }: Pick<Library, 'decodeCredentialPublicKey'>,
  bytes: Uint8Array<ArrayBuffer>,
): CoseKey {
  return decodeCredentialPublicKey(bytes)
}

export function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(base64url, 'base64url'))
}

/** The library throws where something is not as it must be; which of its sentences it was is of no use. */
export async function orUndefined<Value>(work: () => Value | Promise<Value>): Promise<Value | undefined> {
  try {
    return await work()
  } catch {
    return undefined
  }
}
