import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto'

import type { RandomBytes } from '#foundation/kernel/secret-token.ts'
import { KeyringError } from './keyring-file.ts'

/** The owner of a sealed value; opening it for another owner fails. */
export interface SealedFor {
  readonly subject: string
  readonly factorId: string
}

/** The associated data of the encryption. It binds a value to its user, factor and key: values in the database cannot be swapped. */
type Bound = SealedFor & { readonly keyId: string }

const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Encrypts with AES-256-GCM and a random 96-bit nonce (NIST SP 800-38D); returns base64url of nonce, ciphertext and tag. */
export function sealWith(key: KeyObject, plain: Uint8Array, bound: Bound, random: RandomBytes): string {
  const nonce = random(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(boundBytes(bound))
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64url')
}

/** Decrypts. Throws `KeyringError` if the text, the key or the owner differs from those of `sealWith`. */
export function openWith(key: KeyObject, text: string, bound: Bound): Uint8Array {
  const sealed = Buffer.from(text, 'base64url')
  if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new KeyringError('A sealed value is truncated.')
  const nonce = sealed.subarray(0, NONCE_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(boundBytes(bound))
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()])
  } catch (error) {
    throw new KeyringError('A sealed value was changed or belongs to another user or factor.', { cause: error })
  }
}

function boundBytes({ subject, factorId, keyId }: Bound): Buffer {
  return Buffer.from(JSON.stringify([subject, factorId, keyId]))
}
