// What an authenticator app is given: setup key, link and picture. Tested in imported-secret.test.ts.
import { renderSVG } from 'uqr'

import type { RandomBytes } from '#foundation/kernel/secret-token.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { toBase32 } from './base32.ts'
import { DEFAULT_PARAMETERS } from './totp.ts'

/** 160 bits, as RFC 4226 §4 recommends. */
export const SECRET_BYTES = 20

/** The setup key of an authenticator app, in the three forms that users enter or scan. */
export interface SetupKey {
  /** Base32. */
  readonly secret: Secret
  readonly otpauthUri: Secret
  /** Dark on white, with its quiet zone, so that cameras can read it in each theme. */
  readonly qrSvg: Secret
}

/** Returns a random secret of `SECRET_BYTES` bytes. */
export function newTotpSecret(random: RandomBytes): Secret<Uint8Array> {
  return Secret.of(random(SECRET_BYTES))
}

/** Returns the setup key in its three forms; the app shows `issuer` and `account`. */
export function setupKeyOf(
  secret: Secret<Uint8Array>,
  { issuer, account }: { issuer: string; account: string },
): SetupKey {
  const base32 = toBase32(secret.reveal())
  const uri = otpauthUri(base32, issuer, account)
  return { secret: Secret.of(base32), otpauthUri: Secret.of(uri), qrSvg: Secret.of(renderSVG(uri, { border: 4 })) }
}

/** Returns a key URI in the form that authenticator apps read; each part of the label is encoded separately. */
function otpauthUri(secret: string, issuer: string, account: string): string {
  const { algorithm, digits, period } = DEFAULT_PARAMETERS
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`
  const parameters = `secret=${secret}&issuer=${encodeURIComponent(issuer)}&algorithm=${algorithm}&digits=${digits}&period=${period}`
  return `otpauth://totp/${label}?${parameters}`
}
