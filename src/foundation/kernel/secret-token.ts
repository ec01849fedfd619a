import { hash } from 'node:crypto'

import { Secret } from './secret.ts'

/** Bytes from a cryptographically secure source. */
export type RandomBytes = (size: number) => Uint8Array

const TOKEN_BYTES = 32

/**
 * A bearer value of 256 random bits behind a prefix that tells its kind (`dws_`, `dwa_`, …), so that a leaked one can be
 * recognised and one kind is never taken for another.
 */
export function newSecretToken(random: RandomBytes, prefix: string): Secret {
  return Secret.of(prefix + Buffer.from(random(TOKEN_BYTES)).toString('base64url'))
}

/** What is stored instead of the token: SHA-256 as 64 hex digits. A 256-bit random value needs no slow hash. */
export function hashOf(token: Secret): string {
  return hash('sha256', token.reveal())
}
