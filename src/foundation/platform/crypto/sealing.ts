import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto'

import type { RandomBytes } from '#foundation/kernel/secret-token.ts'
import { KeyringError } from './keyring-file.ts'

/** What a sealed value is, and what it belongs to. It opens as nothing else, so that values in the database cannot be swapped. */
export type SealedAs =
  | { readonly purpose: 'totp-secret'; readonly subject: string; readonly factorId: string }
  | { readonly purpose: 'mailed-link'; readonly mailId: string }
  | { readonly purpose: 'draft'; readonly sessionId: string; readonly path: string }
  | { readonly purpose: 'unsaved-form'; readonly subject: string; readonly path: string }
  | { readonly purpose: 'page-of-user' }
  | { readonly purpose: 'refused-form'; readonly path: string; readonly refusal: string }
  | { readonly purpose: 'signing-key'; readonly kid: string }
  | { readonly purpose: 'refresh-successor'; readonly tokenId: string }

type Bound = SealedAs & { readonly keyId: string }

const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Encrypts with AES-256-GCM and a random 96-bit nonce (NIST SP 800-38D); returns base64url of nonce, ciphertext and tag. */
export function sealWith(key: KeyObject, plain: Uint8Array, bound: Bound, random: RandomBytes): string {
  const nonce = random(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(boundBytes(bound))
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64url')
}

/** Decrypts. Throws `KeyringError` if the text, the key or what it is sealed as differs from those of `sealWith`. */
export function openWith(key: KeyObject, text: string, bound: Bound): Uint8Array {
  const sealed = Buffer.from(text, 'base64url')
  if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new KeyringError('A sealed value is truncated.')
  const nonce = sealed.subarray(0, NONCE_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(boundBytes(bound))
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()])
  } catch (error) {
    throw new KeyringError('A sealed value was changed or belongs to something else.', { cause: error })
  }
}

/**
 * The associated data of the encryption. The first three purposes are older than their names, and what they bind has no name in it: values that
 * were sealed before still open, and a version before opens these. Each further purpose begins a longer list with its name.
 */
function boundBytes(bound: Bound): Buffer {
  return Buffer.from(JSON.stringify([...partsOf(bound), bound.keyId]))
}

function partsOf(bound: SealedAs): readonly string[] {
  switch (bound.purpose) {
    case 'totp-secret':
      return [bound.subject, bound.factorId]
    case 'mailed-link':
      return ['outbox', bound.mailId]
    case 'draft':
      return [bound.sessionId, `draft ${bound.path}`]
    case 'unsaved-form':
      return ['purpose', bound.purpose, bound.subject, bound.path]
    case 'page-of-user':
      return ['purpose', bound.purpose]
    case 'refused-form':
      return ['purpose', bound.purpose, bound.path, bound.refusal]
    case 'signing-key':
      return ['purpose', bound.purpose, bound.kid]
    case 'refresh-successor':
      return ['purpose', bound.purpose, bound.tokenId]
  }
}
