// Access tokens that are JWTs (RFC 9068), checked by the published keys of Doorward.
import { bytesOf, HISTORY, jsonOf, steadyNow } from './ending-stream.ts'

type Claims = Readonly<Record<string, unknown>>

/** How long a key set is used, and how soon it is read again for an unknown key. */
const KEYS_FOR = 60 * 60_000
const KEYS_AGAIN = 10_000
/** Seconds by which the clocks of Doorward and of this program may differ. */
const SKEW = 60
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const

interface KeySet {
  readonly issuer: string
  readonly keys: ReadonlyMap<string, CryptoKey>
  readonly readAt: number
}

interface Jwt {
  readonly kid: string
  readonly claims: Claims
  readonly signed: Uint8Array<ArrayBuffer>
  readonly signature: Uint8Array<ArrayBuffer>
}

/** Returns a token taken apart; undefined for one that is no JWT for access. */
export function jwtIn(token: string): Jwt | undefined {
  const [head = '', payload = '', signature = '', ...more] = token.split('.')
  if (signature === '' || more.length > 0) return undefined
  try {
    const { typ, alg, kid, crit } = jsonOf(head)
    // What `crit` names must be understood (RFC 7515 §4.1.11).
    if (typ !== 'at+jwt' || alg !== 'ES256' || typeof kid !== 'string' || crit !== undefined) return undefined
    const signed = new TextEncoder().encode(`${head}.${payload}`)
    return { kid, claims: jsonOf(payload), signed, signature: bytesOf(signature) }
  } catch {
    return undefined
  }
}

/** How to get a document of Doorward by its path; rejects where it cannot be had. */
export type Read = (path: string) => Promise<Claims>

export class KeyChecks {
  readonly #read: Read
  #known: KeySet | undefined
  #reading: Promise<KeySet> | undefined

  constructor(read: Read) {
    this.#read = read
  }

  /** Whether a JWT was signed by Doorward and is within its time. Rejects where the keys cannot be had. */
  async isValid({ kid, claims, signed, signature }: Jwt, now: number): Promise<boolean> {
    const { iss, iat, exp } = claims
    const seconds = now / 1000
    // One that lives longer than endings are remembered cannot be checked by them.
    if (typeof iat !== 'number' || typeof exp !== 'number' || exp - iat > HISTORY - SKEW) return false
    if (seconds >= exp || iat > seconds + SKEW) return false
    const { keys, issuer } = await this.#setWith(kid)
    const key = keys.get(kid)
    if (key === undefined || iss !== issuer) return false
    return crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, signature, signed)
  }

  async #setWith(kid: string): Promise<KeySet> {
    const known = this.#known
    const isKnown = known?.keys.has(kid) ?? false
    if (known !== undefined && steadyNow() - known.readAt < (isKnown ? KEYS_FOR : KEYS_AGAIN)) return known
    this.#reading ??= this.#readSet().finally(() => (this.#reading = undefined))
    const read = this.#reading.then((set) => (this.#known = set))
    return known !== undefined && isKnown ? read.catch(() => known) : read
  }

  async #readSet(): Promise<KeySet> {
    const [{ issuer }, { keys }] = await Promise.all([
      this.#read('/oidc/.well-known/openid-configuration'),
      this.#read('/oidc/jwks'),
    ])
    const all = (keys as (JsonWebKey & { readonly kid: string })[]).filter(({ crv }) => crv === 'P-256')
    const imported = all.map(async (jwk) => {
      // Keys for something else are left out.
      const key = await crypto.subtle.importKey('jwk', jwk, ALGORITHM, false, ['verify']).catch(() => undefined)
      return key === undefined ? [] : ([[jwk.kid, key]] as const)
    })
    return { issuer: String(issuer), keys: new Map((await Promise.all(imported)).flat()), readAt: steadyNow() }
  }
}
