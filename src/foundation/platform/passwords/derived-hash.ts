// Parses password hashes of scrypt (RFC 7914) and PBKDF2 (RFC 8018) in the formats of other programs.

export interface ScryptHash {
  readonly scheme: 'scrypt'
  /** N, a power of two. */
  readonly cost: number
  /** r; the memory is 128·N·r bytes. */
  readonly blockSize: number
  readonly parallelism: number
  readonly salt: Uint8Array
  readonly key: Uint8Array
}

export interface Pbkdf2Hash {
  readonly scheme: 'pbkdf2'
  readonly digest: 'sha1' | 'sha256' | 'sha512'
  readonly iterations: number
  readonly salt: Uint8Array
  readonly key: Uint8Array
}

/** A key that was derived from the password, with the parameters of the derivation. */
export type DerivedHash = ScryptHash | Pbkdf2Hash

type Coding = 'utf8' | 'base64' | 'hex'

const NAMED = String.raw`(?<salt>[^$]{4,128})`
const SALT = String.raw`(?<salt>[A-Za-z0-9+/.]{6,172}={0,2})`
const KEY = String.raw`(?<key>[A-Za-z0-9+/.]{22,86}={0,2})`
const HEX = String.raw`(?<key>[0-9a-f]{32,128})`

const SPELLINGS = [
  // The PHC string format, also written by passlib.
  spelling(
    String.raw`\$scrypt\$ln=(?<ln>\d{1,2}),r=(?<r>\d{1,3}),p=(?<p>\d{1,3})\$${SALT}\$${KEY}`,
    'base64',
    'base64',
  ),
  // Werkzeug, then Django.
  spelling(String.raw`scrypt:(?<n>\d{1,8}):(?<r>\d{1,3}):(?<p>\d{1,3})\$${NAMED}\$${HEX}`, 'utf8', 'hex'),
  spelling(String.raw`scrypt\$(?<n>\d{1,8})\$${NAMED}\$(?<r>\d{1,3})\$(?<p>\d{1,3})\$${KEY}`, 'utf8', 'base64'),
  // passlib, with and without the `i=` of the PHC string format; a missing digest means SHA-1.
  spelling(
    String.raw`\$pbkdf2(?:-(?<digest>sha1|sha256|sha512))?\$(?:i=)?(?<iterations>\d{1,9})\$${SALT}\$${KEY}`,
    'base64',
    'base64',
  ),
  // Django, then Werkzeug.
  spelling(String.raw`pbkdf2_(?<digest>sha1|sha256)\$(?<iterations>\d{1,9})\$${NAMED}\$${KEY}`, 'utf8', 'base64'),
  spelling(String.raw`pbkdf2:(?<digest>sha1|sha256|sha512):(?<iterations>\d{1,9})\$${NAMED}\$${HEX}`, 'utf8', 'hex'),
]

/** Bounds, outside which a hash is unreadable: an externally inserted row could demand hours or gigabytes (denial of service), or be easy to guess. */
const MOST_MEMORY = 256 * 1024 * 1024
const MOST_MIXES = 2 ** 22
const MOST_ITERATIONS = 10_000_000
const LEAST_COST = 1024
const LEAST_ITERATIONS = 1000
/** NIST SP 800-63B-4 §3.1.1.2: 32 bits. */
const LEAST_SALT = 4
const MOST_LANES = 16
const KEY_BYTES = { least: 16, most: 64 }
const DIGEST_BYTES = { sha1: 20, sha256: 32, sha512: 64 } as const

/** Parses such a hash; undefined for any other text, and for a hash outside the bounds. */
export function readDerivedHash(text: string): DerivedHash | undefined {
  for (const { pattern, salt, key } of SPELLINGS) {
    const groups = pattern.exec(text)?.groups
    if (groups) return hashFrom(groups, bytesIn(groups['salt'], salt), bytesIn(groups['key'], key))
  }
  return undefined
}

/** The work of scrypt: N·r·p. */
export function mixesOf({ cost, blockSize, parallelism }: Omit<ScryptHash, 'scheme'>): number {
  return cost * blockSize * parallelism
}

/** The number of HMACs that PBKDF2 computes: the iterations for each block of the digest's length (RFC 8018 §5.2). */
export function roundsOf({ digest, iterations, key }: Pbkdf2Hash): number {
  return iterations * Math.ceil(key.length / DIGEST_BYTES[digest])
}

type Groups = Readonly<Record<string, string | undefined>>

function hashFrom(groups: Groups, salt: Uint8Array, key: Uint8Array): DerivedHash | undefined {
  if (salt.length < LEAST_SALT || key.length < KEY_BYTES.least || key.length > KEY_BYTES.most) return undefined
  const { iterations, digest = 'sha1', ln, n, r, p } = groups
  if (iterations !== undefined) {
    const facts = { digest: digest as Pbkdf2Hash['digest'], iterations: Number(iterations), salt, key }
    const hash = { scheme: 'pbkdf2', ...facts } as const
    return hash.iterations < LEAST_ITERATIONS || roundsOf(hash) > MOST_ITERATIONS ? undefined : hash
  }
  const cost = ln === undefined ? Number(n) : 2 ** Number(ln)
  return scrypt({ cost, blockSize: Number(r), parallelism: Number(p), salt, key })
}

function scrypt(hash: Omit<ScryptHash, 'scheme'>): ScryptHash | undefined {
  const { cost, blockSize, parallelism } = hash
  if (!Number.isInteger(Math.log2(cost)) || cost < LEAST_COST || blockSize < 1) return undefined
  if (parallelism < 1 || parallelism > MOST_LANES) return undefined
  if (128 * cost * blockSize > MOST_MEMORY || mixesOf(hash) > MOST_MIXES) return undefined
  return { scheme: 'scrypt', ...hash }
}

function spelling(source: string, salt: Coding, key: Coding) {
  return { pattern: new RegExp(`^${source}$`), salt, key }
}

/** The decoded bytes in a buffer of their own. passlib writes a dot where base64 has a plus. */
function bytesIn(text = '', coding: Coding): Uint8Array {
  return new Uint8Array(Buffer.from(coding === 'base64' ? text.replaceAll('.', '+') : text, coding))
}
