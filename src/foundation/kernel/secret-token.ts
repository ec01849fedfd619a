import { hash } from 'node:crypto'

import { Secret } from './secret.ts'

/** Bytes from a cryptographically secure source. */
export type RandomBytes = (size: number) => Uint8Array

const TOKEN_BYTES = 32

/**
 * Returns a bearer token of 256 random bits behind a prefix that names its kind (`dws_`, `dwa_`, …), so that a leaked token can be
 * recognised and a token of one kind is never accepted as another.
 */
export function newSecretToken(random: RandomBytes, prefix: string): Secret {
  return Secret.of(prefix + Buffer.from(random(TOKEN_BYTES)).toString('base64url'))
}

/** The stored form of a token: SHA-256 as 64 hexadecimal digits. A 256-bit random value cannot be guessed, so no slow hash is needed. */
export function hashOf(token: Secret): string {
  return hash('sha256', token.reveal())
}
