// An authenticator and its browser in software: makes passkeys, signs challenges, and produces invalid answers on demand.
import { generateKeyPairSync, hash, type KeyObject, randomBytes, sign } from 'node:crypto'

/** Bits of authenticator data (WebAuthn Level 3 §6.1). */
export const FLAG = { up: 0x01, uv: 0x04, be: 0x08, bs: 0x10, at: 0x40, ed: 0x80 } as const

/** The parts of the server's options that are used here. */
export interface CreationOptions {
  readonly rp: { readonly id?: string | undefined }
  readonly user: { readonly id: string }
  readonly challenge: string
}
export interface RequestOptions {
  readonly rpId?: string | undefined
  readonly challenge: string
  readonly allowCredentials?: readonly { readonly id: string }[] | undefined
}

/** How an answer differs from a valid one; `flags` without the bits for attested data and extensions. */
export interface Twists {
  readonly origin?: string
  readonly type?: string
  readonly challenge?: string
  /** Additional members of the client data, such as `crossOrigin: true`. */
  readonly clientData?: Readonly<Record<string, unknown>>
  readonly rpId?: string
  readonly flags?: number
  readonly signCount?: number
  /** Appended to the authenticator data and signed with it. */
  readonly trailing?: Uint8Array
  /** A CBOR map; also sets the bit for extensions. */
  readonly extensions?: CborMap
}
export interface CreationTwists extends Twists {
  /** The COSE algorithm in the public key, whatever the key is. */
  readonly algorithm?: number
  readonly aaguid?: string
  readonly format?: string
  readonly statement?: CborMap
}
export interface RequestTwists extends Twists {
  /** `null` for none, as authenticators for second factors only answer. */
  readonly userHandle?: string | null
  readonly signWith?: SoftwarePasskey
}

export interface SoftwarePasskey {
  /** base64url. */
  readonly id: string
  readonly rpId: string
  readonly userHandle: string
  readonly privateKey: KeyObject
  signCount: number
}

/** The JSON that `toJSON()` of a `PublicKeyCredential` returns. */
export type MadePasskey = ReturnType<SoftwareAuthenticator['register']>
export type SignedAnswer = ReturnType<SoftwareAuthenticator['assert']>

export interface Habits {
  /** The origin of the page that uses the authenticator. */
  readonly origin: string
  readonly flags?: number
  /** Whether the sign counter increases; that of synchronized passkeys stays 0. */
  readonly counts?: boolean
  readonly transports?: readonly string[]
}

export class SoftwareAuthenticator {
  readonly passkeys: SoftwarePasskey[] = []
  readonly #habits: Required<Habits>

  constructor({ origin, flags = FLAG.up | FLAG.uv, counts = false, transports = ['internal'] }: Habits) {
    this.#habits = { origin, flags, counts, transports }
  }

  /** Makes a passkey, as `navigator.credentials.create()` does. */
  register(options: CreationOptions, twists: CreationTwists = {}) {
    const rpId = options.rp.id ?? ''
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const id = randomBytes(32)
    const passkey = { id: id.toString('base64url'), rpId, userHandle: options.user.id, privateKey, signCount: 0 }
    this.passkeys.push(passkey)
    const attested = attestedData(id, publicKey, twists)
    const authData = this.#authenticatorData(passkey, twists, attested)
    const { format = 'none', statement = new Map() } = twists
    const object = cbor(
      new Map<string, Cbor>([
        ['fmt', format],
        ['attStmt', statement],
        ['authData', authData],
      ]),
    )
    return {
      ...envelope(passkey.id),
      response: {
        clientDataJSON: this.#clientData('webauthn.create', options.challenge, twists).toString('base64url'),
        attestationObject: object.toString('base64url'),
        transports: [...this.#habits.transports],
      },
    }
  }

  /** Signs with a passkey that the options allow, as `navigator.credentials.get()` does; the newest where several are. */
  assert(options: RequestOptions, twists: RequestTwists = {}) {
    const passkey = this.#chosen(options)
    const authData = this.#authenticatorData(passkey, twists, undefined)
    const clientData = this.#clientData('webauthn.get', options.challenge, twists)
    const { userHandle = passkey.userHandle, signWith = passkey } = twists
    const signature = sign(
      'sha256',
      Buffer.concat([authData, hash('sha256', clientData, 'buffer')]),
      signWith.privateKey,
    )
    return {
      ...envelope(passkey.id),
      response: {
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData: authData.toString('base64url'),
        signature: signature.toString('base64url'),
        ...(userHandle !== null && { userHandle }),
      },
    }
  }

  #chosen({ rpId, allowCredentials = [] }: RequestOptions): SoftwarePasskey {
    const allowed = allowCredentials.map(({ id }) => id)
    const mine = this.passkeys.filter(({ id }) => allowed.length === 0 || allowed.includes(id))
    const passkey = mine.findLast((candidate) => candidate.rpId === rpId)
    if (passkey === undefined) throw new Error('This authenticator has no passkey for that')
    return passkey
  }

  #authenticatorData(passkey: SoftwarePasskey, twists: Twists, attested: Buffer | undefined): Buffer {
    if (this.#habits.counts && attested === undefined) passkey.signCount += 1
    const { rpId = passkey.rpId, signCount = passkey.signCount, trailing, extensions } = twists
    const flags = (twists.flags ?? this.#habits.flags) | (attested ? FLAG.at : 0) | (extensions ? FLAG.ed : 0)
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(signCount)
    const parts = [hash('sha256', rpId, 'buffer'), Buffer.from([flags]), counter]
    return Buffer.concat([...parts, attested ?? '', extensions ? cbor(extensions) : '', trailing ?? ''].map(asBytes))
  }

  #clientData(type: string, challenge: string, twists: Twists): Buffer {
    const { origin = this.#habits.origin } = twists
    const clientData = {
      type: twists.type ?? type,
      challenge: twists.challenge ?? challenge,
      origin,
      crossOrigin: false,
    }
    return Buffer.from(JSON.stringify({ ...clientData, ...twists.clientData }))
  }
}

function envelope(id: string) {
  return { id, rawId: id, type: 'public-key' as const, authenticatorAttachment: 'platform', clientExtensionResults: {} }
}

function attestedData(id: Buffer, publicKey: KeyObject, { algorithm = -7, aaguid = '' }: CreationTwists): Buffer {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const key = new Map<number, Cbor>([
    [1, 2],
    [3, algorithm],
    [-1, 1],
    [-2, Buffer.from(x, 'base64url')],
    [-3, Buffer.from(y, 'base64url')],
  ])
  const model = Buffer.from(aaguid.replaceAll('-', '').padStart(32, '0'), 'hex')
  return Buffer.concat([model, Buffer.from([id.length >> 8, id.length & 255]), id, cbor(key)])
}

function asBytes(part: Uint8Array | string): Uint8Array {
  return typeof part === 'string' ? Buffer.from(part) : part
}

export type Cbor = number | string | Uint8Array | readonly Cbor[] | CborMap
export type CborMap = ReadonlyMap<number | string, Cbor>

/** Encodes the subset of CBOR (RFC 8949) that is needed: definite lengths below 65,536 in their shortest form. */
function cbor(value: Cbor): Buffer {
  if (typeof value === 'number') return value >= 0 ? header(0, value) : header(1, -1 - value)
  if (typeof value === 'string') return Buffer.concat([header(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (value instanceof Uint8Array) return Buffer.concat([header(2, value.length), value])
  if (value instanceof Map) return Buffer.concat([header(5, value.size), ...[...value].flat().map(cbor)])
  const items = value as readonly Cbor[]
  return Buffer.concat([header(4, items.length), ...items.map(cbor)])
}

function header(major: number, size: number): Buffer {
  if (size < 24) return Buffer.from([(major << 5) | size])
  if (size < 256) return Buffer.from([(major << 5) | 24, size])
  return Buffer.from([(major << 5) | 25, size >> 8, size & 255])
}
