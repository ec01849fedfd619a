// Values that a page leaves for a later one in a cookie, sealed: no node has to store them, and only the server can read them.
import type { With } from '#foundation/context.ts'
import { KeyringError } from '#foundation/platform/crypto/keyring-file.ts'
import type { SealedAs } from '#foundation/platform/crypto/sealing.ts'

/** Maximum size in bytes of a sealed value; browsers refuse a cookie of more than 4096 bytes with its name (RFC 6265bis §5.6). */
export const LONGEST_SEALED = 3800

export function sealJson({ keyring }: With<'keyring'>, value: unknown, as: SealedAs): string {
  return keyring.seal(Buffer.from(JSON.stringify(value)), as)
}

/** Undefined for a text that was changed, or that was sealed as something else. */
export function openJson<Value>({ keyring }: With<'keyring'>, sealed: string, as: SealedAs): Value | undefined {
  try {
    return JSON.parse(Buffer.from(keyring.open(sealed, as)).toString()) as Value
  } catch (error) {
    if (error instanceof KeyringError) return undefined
    throw error
  }
}
