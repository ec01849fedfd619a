// Signs tokens that the protocol's library does not make.
import { createPrivateKey, type KeyObject, sign } from 'node:crypto'

import type { With } from '#foundation/context.ts'
import type { Recording } from './new-key.service.ts'
import { readableKeys } from './signing-key.service.ts'

export interface Signer {
  /** Of the key set by which it signs. */
  readonly version: string
  /** Returns a JWS in compact form (RFC 7515), with this `typ`. */
  sign(typ: string, claims: object): string
}

/** Returns what signs by the key set as it is now, with ES256; the known one where the set has not changed. Undefined where there are no keys. */
export async function currentSigner(
  ctx: Recording & With<'log'>,
  known: Signer | undefined,
): Promise<Signer | undefined> {
  const keys = await readableKeys(ctx, known?.version)
  if (keys === undefined || keys.version === known?.version) return keys && known
  const jwk = keys.jwks().keys.find(({ crv }) => crv === 'P-256')
  if (jwk === undefined) throw new Error('The key set has no key for ES256')
  const key = createPrivateKey({ key: jwk, format: 'jwk' })
  return { version: keys.version, sign: (typ, claims) => signed(key, { alg: 'ES256', typ, kid: jwk.kid }, claims) }
}

function signed(key: KeyObject, header: object, claims: object): string {
  const input = `${encoded(header)}.${encoded(claims)}`
  const signature = sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
