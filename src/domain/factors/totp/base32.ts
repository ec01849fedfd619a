// Base32 (RFC 4648), in which setup keys are written. Tested in totp.test.ts.

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Returns base32 without padding (RFC 4648 §6), the form of a setup key that authenticator apps accept. */
export function toBase32(bytes: Uint8Array): string {
  let bits = 0
  let buffer = 0
  let text = ''
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += ALPHABET[(buffer >>> bits) & 31]
      buffer &= (1 << bits) - 1
    }
  }
  return bits === 0 ? text : text + ALPHABET[(buffer << (5 - bits)) & 31]
}

/**
 * Returns the bytes of a base32 text; undefined if it is none. Accepts the forms that users and other programs write: any case, spaces and
 * hyphens between groups, with or without padding. Remaining bits are ignored.
 */
export function fromBase32(text: string): Uint8Array | undefined {
  const digits = text.replace(/[\s-]/g, '').replace(/=+$/, '').toUpperCase()
  const bytes: number[] = []
  let bits = 0
  let buffer = 0
  for (const digit of digits) {
    const value = ALPHABET.indexOf(digit)
    if (value < 0) return undefined
    buffer = (buffer << 5) | value
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((buffer >>> bits) & 255)
    buffer &= (1 << bits) - 1
  }
  return bytes.length === 0 ? undefined : Uint8Array.from(bytes)
}
