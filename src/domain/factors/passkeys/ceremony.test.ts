import assert from 'node:assert/strict'
import { test } from 'node:test'

import { VECTORS_ORIGIN, VECTORS_RP_ID, WEBAUTHN_VECTORS, type WebAuthnVector } from '#test/vectors/webauthn-level-3.ts'
import {
  type AuthenticationResponse,
  checkAssertion,
  checkRegistration,
  type KnownCredential,
  type RegistrationResponse,
} from './ceremony.service.ts'
import { OFFERED_ALGORITHMS } from './cose-key.ts'
import { type ClientData, type PasskeyReason, readClientData } from './passkey.ts'
import type { RelyingParty } from './relying-party.ts'

const PARTY: RelyingParty = { id: VECTORS_RP_ID, origin: VECTORS_ORIGIN, algorithms: OFFERED_ALGORITHMS }
/** ES384, ES512 and Ed448, which the server does not offer. */
const WIDE: RelyingParty = { ...PARTY, algorithms: [...OFFERED_ALGORITHMS, -35, -36, -53] }

/** The vectors that are refused intentionally; all others are accepted. */
const REFUSED: Readonly<Record<string, PasskeyReason>> = {
  // Passkeys are not used inside frames of other sites.
  'none.ES256.crossOrigin': 'cross_origin',
  'none.ES256.topOrigin': 'cross_origin',
  // Authenticators that support these support ES256 or Ed25519 too.
  'packed.ES384': 'algorithm_not_offered',
  'packed.ES512': 'algorithm_not_offered',
  'packed.Ed448': 'algorithm_not_offered',
}

/** The same if each algorithm of the vectors is offered. */
const REFUSED_WIDELY: Readonly<Record<string, PasskeyReason>> = {
  'none.ES256.crossOrigin': 'cross_origin',
  'none.ES256.topOrigin': 'cross_origin',
  // The library does not check Ed448.
  'packed.Ed448': 'unfit_key',
}

function base64url(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64url')
}

function clientDataOf({ response }: RegistrationResponse | AuthenticationResponse): ClientData {
  const clientData = readClientData(response.clientDataJSON)
  assert.ok(clientData)
  return clientData
}

function registrationOf({ credentialId, registration }: WebAuthnVector): RegistrationResponse {
  const id = base64url(credentialId)
  const { clientDataJSON, attestationObject } = registration
  const response = { clientDataJSON: base64url(clientDataJSON), attestationObject: base64url(attestationObject) }
  return { id, rawId: id, type: 'public-key', response }
}

function assertionOf({ credentialId, authentication }: WebAuthnVector): AuthenticationResponse {
  const id = base64url(credentialId)
  const { clientDataJSON, authenticatorData, signature } = authentication
  const response = {
    clientDataJSON: base64url(clientDataJSON),
    authenticatorData: base64url(authenticatorData),
    signature: base64url(signature),
  }
  return { id, rawId: id, type: 'public-key', response }
}

function register(party: RelyingParty, response: RegistrationResponse) {
  return checkRegistration(party, { clientData: clientDataOf(response), response })
}

function signIn(party: RelyingParty, response: AuthenticationResponse, credential: KnownCredential) {
  return checkAssertion(party, { clientData: clientDataOf(response), response }, credential)
}

test('there are the fifteen vectors of WebAuthn Level 3', () => {
  assert.equal(new Set(WEBAUTHN_VECTORS.map(({ name }) => name)).size, 15)
})

for (const vector of WEBAUTHN_VECTORS) {
  const { name, registration, authentication } = vector
  const reason = REFUSED[name]

  test(`the vector ${name} is ${reason === undefined ? 'accepted' : `refused: ${reason}`}`, async () => {
    const made = await register(PARTY, registrationOf(vector))
    if (reason !== undefined) return assert.deepEqual(made, { outcome: 'refused', reason })
    assert.ok(made.outcome === 'sound')
    assert.equal(clientDataOf(registrationOf(vector)).challenge, base64url(registration.challenge))
    assert.equal(clientDataOf(assertionOf(vector)).challenge, base64url(authentication.challenge))
    assert.equal(made.credentialId, base64url(vector.credentialId))
    const used = await signIn(PARTY, assertionOf(vector), made)
    const flags = Buffer.from(authentication.authenticatorData, 'hex').readUInt8(32)
    const expected = { userVerified: (flags & 4) !== 0, backedUp: (flags & 16) !== 0, signCount: 0 }
    assert.deepEqual(used, { outcome: 'sound', ...expected })
  })

  test(`with every algorithm offered, ${name} is ${REFUSED_WIDELY[name] ?? 'accepted'}`, async () => {
    const made = await register(WIDE, registrationOf(vector))
    const refusal = REFUSED_WIDELY[name]
    if (refusal !== undefined) return assert.deepEqual(made, { outcome: 'refused', reason: refusal })
    assert.ok(made.outcome === 'sound')
    assert.equal((await signIn(WIDE, assertionOf(vector), made)).outcome, 'sound')
  })

  test(`each changed byte of ${name} is detected`, async () => {
    const made = await register(WIDE, registrationOf(vector))
    if (made.outcome === 'refused') return
    const honest = assertionOf(vector)
    for (const field of ['clientDataJSON', 'authenticatorData', 'signature'] as const) {
      const bytes = Buffer.from(honest.response[field], 'base64url')
      for (const index of positionsIn(bytes.length)) {
        const changed = Buffer.from(bytes)
        changed[index] = bytes.readUInt8(index) ^ 1
        const response = { ...honest, response: { ...honest.response, [field]: changed.toString('base64url') } }
        const clientData = readClientData(response.response.clientDataJSON)
        const used = clientData && (await checkAssertion(WIDE, { clientData, response }, made))
        assert.notEqual(used?.outcome, 'sound', `${field} at ${index}`)
      }
    }
  })
}

/** Returns some positions of the whole length, with both ends. */
function positionsIn(length: number): number[] {
  const step = Math.max(1, Math.floor(length / 12))
  return [...Array.from({ length: Math.ceil(length / step) }, (_, index) => index * step), length - 1]
}

const [plain, packedSelf] = WEBAUTHN_VECTORS as readonly [WebAuthnVector, WebAuthnVector]
const packed = WEBAUTHN_VECTORS.find(({ name }) => name === 'packed.ES256') ?? plain

function withObject(vector: WebAuthnVector, change: (object: Buffer) => Buffer): RegistrationResponse {
  const honest = registrationOf(vector)
  const object = change(Buffer.from(honest.response.attestationObject, 'base64url'))
  return { ...honest, response: { ...honest.response, attestationObject: object.toString('base64url') } }
}

test('a self-attestation must have a valid signature', async () => {
  const changed = withObject(packedSelf, (object) => {
    const copy = Buffer.from(object)
    // Inside the signature of the statement.
    copy[60] = object.readUInt8(60) ^ 1
    return copy
  })
  assert.deepEqual(await register(PARTY, changed), { outcome: 'refused', reason: 'attestation' })
})

test('an attestation with certificates is not verified and changes nothing', async () => {
  const honest = await register(PARTY, registrationOf(packed))
  const changed = withObject(packed, (object) => {
    const copy = Buffer.from(object)
    // Inside the certificate.
    copy[300] = object.readUInt8(300) ^ 1
    return copy
  })
  assert.equal(honest.outcome, 'sound')
  assert.deepEqual(await register(PARTY, changed), honest)
})

test('a malformed attestation object is refused', async () => {
  const nest = Buffer.concat([Buffer.alloc(12_000, 0x81), Buffer.from([0])])
  const objects: Readonly<Record<string, (object: Buffer) => Buffer>> = {
    empty: () => Buffer.alloc(0),
    'half of one': (object) => object.subarray(0, object.length / 2),
    'a byte longer': (object) => Buffer.concat([object, Buffer.from([0])]),
    'arrays in arrays': () => nest,
    'an array that says it is endless': () => Buffer.from('9b001fffffffffffff', 'hex'),
    'a text that says it is endless': () => Buffer.from('7b001fffffffffffff61', 'hex'),
    'a map of other things': () => Buffer.from('a1616101', 'hex'),
  }
  for (const [what, change] of Object.entries(objects)) {
    const verdict = await register(PARTY, withObject(plain, change))
    assert.deepEqual(verdict, { outcome: 'refused', reason: 'unreadable' }, what)
  }
})
