// Which public keys and signatures of passkeys are accepted (COSE, RFC 9053). Tested in passkey.test.ts.
import type { PasskeyReason } from './passkey.ts'

/** COSE algorithm numbers (IANA registry "COSE Algorithms"). */
const ES256 = -7
const EDDSA = -8
const RS256 = -257
const ES384 = -35
const ES512 = -36

/** The algorithms that WebAuthn Level 3 §5.4 recommends to offer; the most widely supported one first. */
export const OFFERED_ALGORITHMS = [ES256, EDDSA, RS256] as const

/** Labels of a COSE key (RFC 9052 §7.1, RFC 9053 §7, RFC 8230 §4). */
const KTY = 1
const ALG = 3
const CRV_OR_N = -1
const X_OR_E = -2
const Y = -3

const OKP = 1
const EC2 = 2
const RSA = 3

/** The curve of each algorithm (WebAuthn Level 3 §5.8.5), and the length of a coordinate in bytes. */
const CURVES: Readonly<Record<number, { kty: number; crv: number; bytes: number }>> = {
  [ES256]: { kty: EC2, crv: 1, bytes: 32 },
  [ES384]: { kty: EC2, crv: 2, bytes: 48 },
  [ES512]: { kty: EC2, crv: 3, bytes: 66 },
  [EDDSA]: { kty: OKP, crv: 6, bytes: 32 },
}

/** From 112 bits of security (NIST SP 800-131A) up to a length that is verified quickly. */
const RSA_MODULUS_BYTES = { least: 256, most: 1024 }

/** A decoded COSE key. */
export type CoseKey = Pick<ReadonlyMap<number, unknown>, 'get'>

/** Returns why a public key is rejected: an algorithm that was not offered, or a key that is invalid for its algorithm. */
export function checkPublicKey(key: CoseKey, offered: readonly number[]): PasskeyReason | undefined {
  const alg = key.get(ALG)
  if (typeof alg !== 'number' || !offered.includes(alg)) return 'algorithm_not_offered'
  return (alg === RS256 ? isRsaKey(key) : isOnItsCurve(key, alg)) ? undefined : 'unfit_key'
}

function isRsaKey(key: CoseKey): boolean {
  const modulus = byteLength(key.get(CRV_OR_N))
  const { least, most } = RSA_MODULUS_BYTES
  return key.get(KTY) === RSA && modulus >= least && modulus <= most && byteLength(key.get(X_OR_E)) <= 4
}

function isOnItsCurve(key: CoseKey, alg: number): boolean {
  const curve = CURVES[alg]
  if (curve === undefined || key.get(KTY) !== curve.kty || key.get(CRV_OR_N) !== curve.crv) return false
  const coordinates = curve.kty === EC2 ? [key.get(X_OR_E), key.get(Y)] : [key.get(X_OR_E)]
  return coordinates.every((coordinate) => byteLength(coordinate) === curve.bytes)
}

/**
 * Whether a signature has no trailing bytes. Signatures of EC2 keys are DER (WebAuthn Level 3 §6.5.5), whose parsers stop at the end of
 * the value and would accept any bytes after it. Signatures of other keys have a fixed length.
 */
export function isWholeSignature(key: CoseKey, signature: Uint8Array): boolean {
  if (key.get(KTY) !== EC2) return true
  const [tag, length, longLength = 0] = signature
  const size = length === 0x81 ? longLength + 3 : (length ?? 0) + 2
  return tag === 0x30 && size === signature.length
}

function byteLength(value: unknown): number {
  return value instanceof Uint8Array ? value.length : 0
}
