// Key pairs as JSON Web Keys (RFC 7517). Tested in signing-key.test.ts and signing-key.service.test.ts.
import { createHash, generateKeyPair, type KeyObject } from 'node:crypto'

import type { SigningAlgorithm } from './signing-key.ts'

export interface KeyPair {
  readonly kid: string
  readonly alg: SigningAlgorithm
  readonly publicJwk: string
  /** The private key as a JWK. */
  readonly privateJwk: string
}

/** Makes a key pair outside the thread of the requests: one of RS256 takes a second or so. */
export async function newKeyPair(alg: SigningAlgorithm): Promise<KeyPair> {
  const { publicKey, privateKey } = await generate(alg)
  const known = publicKey.export({ format: 'jwk' })
  const kid = thumbprintOf(known)
  const facts = { kid, alg, use: 'sig' }
  const privateJwk = JSON.stringify({ ...privateKey.export({ format: 'jwk' }), ...facts })
  return { kid, alg, publicJwk: JSON.stringify({ ...known, ...facts }), privateJwk }
}

/** RSA with 3072 bits has the strength of 128 bits that P-256 has (OWASP ASVS 11.2.3). */
function generate(alg: SigningAlgorithm): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, publicKey: KeyObject, privateKey: KeyObject): void =>
      error ? reject(error) : resolve({ publicKey, privateKey })
    if (alg === 'ES256') generateKeyPair('ec', { namedCurve: 'P-256' }, done)
    else generateKeyPair('rsa', { modulusLength: 3072 }, done)
  })
}

/** Returns the SHA-256 thumbprint of a public key (RFC 7638 §3): of its required members in the order of their names. */
export function thumbprintOf({ kty, crv, e, n, x, y }: JsonWebKey): string {
  const members = kty === 'EC' ? { crv, kty, x, y } : { e, kty, n }
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url')
}
