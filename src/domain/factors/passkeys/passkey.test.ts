import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parse } from '#foundation/web/http/schema.ts'
import { nameForNewPasskey, providerNamed } from './authenticator-names.ts'
import { checkPublicKey, isWholeSignature, OFFERED_ALGORITHMS } from './cose-key.ts'
import { PasskeyAuthenticationResponse, PasskeyRegistrationResponse } from './passkey.schema.ts'
import {
  type Challenge,
  CHALLENGE_LIFETIME,
  checkAuthenticatorFlags,
  checkChallenge,
  checkClientData,
  checkSignCount,
  checkUserHandle,
  type PasskeyReason,
  readClientData,
  refusalCodeFor,
  transportsOf,
  transportWords,
  userHandleOf,
} from './passkey.ts'
import { canHavePasskeys, relyingPartyOf } from './relying-party.ts'

const NOW = 1_800_000_000_000
const SCOPE = { purpose: 'reauthentication', subject: 'ada', boundTo: 'session' } as const
const CHALLENGE: Challenge = { id: 'a', ...SCOPE, expiresAt: NOW + CHALLENGE_LIFETIME, consumedAt: null }

test('a challenge is valid once, until it expires, for its purpose and its user', () => {
  const cases: [Challenge | undefined, PasskeyReason | undefined][] = [
    [CHALLENGE, undefined],
    [undefined, 'unknown_challenge'],
    [{ ...CHALLENGE, expiresAt: NOW }, 'ended_challenge'],
    [{ ...CHALLENGE, consumedAt: NOW - 1 }, 'ended_challenge'],
    [{ ...CHALLENGE, purpose: 'registration' }, 'other_purpose'],
    [{ ...CHALLENGE, subject: 'grace' }, 'other_owner'],
    [{ ...CHALLENGE, subject: null }, 'other_owner'],
    [{ ...CHALLENGE, boundTo: null }, 'other_binding'],
  ]
  for (const [challenge, reason] of cases) assert.equal(checkChallenge(challenge, SCOPE, NOW), reason)
  assert.equal(CHALLENGE_LIFETIME, 300_000)
})

test('only an ended challenge has an error code of its own; all other reasons share one', () => {
  assert.equal(refusalCodeFor('ended_challenge'), 'passkey.challenge_ended')
  assert.equal(refusalCodeFor('unknown_challenge'), 'passkey.challenge_ended')
  for (const reason of ['signature', 'sign_count', 'unknown_passkey', 'other_owner'] as const)
    assert.equal(refusalCodeFor(reason), 'passkey.refused')
})

test('a passkey response must name the user who owns it', () => {
  const [ada, grace] = [userHandleOf('ada'), userHandleOf('grace')]
  const cases: [subject: string | null, userHandle: string | null | undefined, PasskeyReason | undefined][] = [
    ['ada', undefined, undefined],
    ['ada', null, undefined],
    ['ada', ada, undefined],
    ['ada', grace, 'wrong_user_handle'],
    ['ada', '', 'wrong_user_handle'],
    ['grace', grace, 'other_owner'],
    ['grace', undefined, 'other_owner'],
    [null, ada, undefined],
    [null, grace, 'wrong_user_handle'],
    [null, undefined, 'wrong_user_handle'],
    [null, '', 'wrong_user_handle'],
  ]
  for (const [subject, userHandle, reason] of cases)
    assert.equal(checkUserHandle({ subject: 'ada' }, { subject, userHandle }), reason, `${subject} ${userHandle}`)
})

test('only an eligible passkey can be backed up, and its eligibility never changes', () => {
  const bits = [false, true]
  const flags = bits.flatMap((be) => bits.map((bs) => ({ up: true, be, bs })))
  assert.deepEqual(
    flags.map((each) => checkAuthenticatorFlags(each)),
    [undefined, 'backup_flags', undefined, undefined],
  )
  assert.deepEqual(
    flags.map((each) => checkAuthenticatorFlags(each, 'multi-device')),
    ['backup_flags', 'backup_flags', undefined, undefined],
  )
  assert.deepEqual(
    flags.map((each) => checkAuthenticatorFlags(each, 'single-device')),
    [undefined, 'backup_flags', 'backup_flags', 'backup_flags'],
  )
  assert.equal(checkAuthenticatorFlags({ up: false, be: false, bs: false }), 'user_absent')
})

test('a signature counter is accepted exactly if it increases, or if there is none', () => {
  fc.assert(
    fc.property(fc.nat(4_294_967_295), fc.nat(4_294_967_295), (stored, received) => {
      const grows = received > stored || (stored === 0 && received === 0)
      assert.equal(checkSignCount(stored, received), grows ? undefined : 'sign_count')
    }),
  )
  assert.equal(checkSignCount(0, 0), undefined)
  assert.equal(checkSignCount(5, 5), 'sign_count')
  assert.equal(checkSignCount(5, 0), 'sign_count')
})

const bytes = (length: number) => new Uint8Array(length)
const P256 = [
  [1, 2],
  [-1, 1],
  [-2, bytes(32)],
  [-3, bytes(32)],
] as const

function key(alg: number, entries: Iterable<readonly [number, unknown]> = P256): ReadonlyMap<number, unknown> {
  return new Map<number, unknown>([[3, alg], ...entries])
}

const rsa = (size: number) =>
  key(-257, [
    [1, 3],
    [-1, bytes(size)],
    [-2, bytes(3)],
  ])

test('a key is of an algorithm that was offered, on its curve and of its size', () => {
  const cases: [ReadonlyMap<number, unknown>, PasskeyReason | undefined][] = [
    [key(-7), undefined],
    [key(-7, [...P256, [-1, 2]]), 'unfit_key'],
    [key(-7, [...P256, [-3, true]]), 'unfit_key'],
    [key(-7, [...P256, [-2, bytes(31)]]), 'unfit_key'],
    [
      key(-8, [
        [1, 1],
        [-1, 6],
        [-2, bytes(32)],
      ]),
      undefined,
    ],
    [key(-8), 'unfit_key'],
    [rsa(256), undefined],
    [rsa(128), 'unfit_key'],
    [rsa(1025), 'unfit_key'],
    [key(-35), 'algorithm_not_offered'],
    [key(-65_535), 'algorithm_not_offered'],
    [new Map<number, unknown>(P256), 'algorithm_not_offered'],
  ]
  for (const [each, reason] of cases) assert.equal(checkPublicKey(each, OFFERED_ALGORITHMS), reason)
})

test('a DER signature has no trailing bytes', () => {
  const sized = (...head: number[]) => Uint8Array.from([...head, ...bytes(70)])
  assert.equal(isWholeSignature(key(-7), sized(0x30, 70)), true)
  assert.equal(isWholeSignature(key(-36), sized(0x30, 0x81, 70)), true)
  for (const wrong of [sized(0x30, 69), sized(0x30, 71), sized(0x31, 70), sized(0x30, 0x81, 69), bytes(0)])
    assert.equal(isWholeSignature(key(-7), wrong), false)
  assert.equal(isWholeSignature(rsa(256), bytes(256)), true)
})

test('client data is read, and each form of a cross-origin frame is refused', () => {
  const read = (value: unknown) => readClientData(Buffer.from(JSON.stringify(value)).toString('base64url'))
  const said = { type: 'webauthn.get', challenge: 'c', origin: 'https://id.example.org' }
  const wanted = { type: 'webauthn.get', origin: said.origin } as const
  const checked = (more: object) =>
    checkClientData(read({ ...said, ...more }) ?? { ...said, crossOrigin: false }, wanted)
  assert.equal(checked({}), undefined)
  assert.equal(checked({ crossOrigin: false, extraData: 'new' }), undefined)
  for (const frame of [{ crossOrigin: true }, { crossOrigin: null }, { topOrigin: null }, { topOrigin: said.origin }])
    assert.equal(checked(frame), 'cross_origin')
  for (const none of [null, 1, [], 'text', {}, { ...said, challenge: 1 }, { ...said, origin: undefined }])
    assert.equal(read(none), undefined)
  assert.equal(readClientData('_'), undefined)
})

test('the relying party id is the host of the public URL, if browsers create passkeys for it', () => {
  const party = relyingPartyOf({ publicUrl: 'https://id.example.org:8443' })
  assert.deepEqual([party.id, party.origin], ['id.example.org', 'https://id.example.org:8443'])
  for (const publicUrl of ['https://id.example.org', 'http://localhost:8000', 'http://doorward.localhost:8000'])
    assert.equal(canHavePasskeys({ publicUrl }), true, publicUrl)
  for (const publicUrl of [
    'http://id.example.org',
    'https://192.0.2.1',
    'https://[2001:db8::1]',
    'http://127.0.0.1:8000',
  ])
    assert.equal(canHavePasskeys({ publicUrl }), false, publicUrl)
})

test('transports are stored once each, without malformed ones', () => {
  assert.equal(transportWords(['usb', 'hybrid', 'usb', 'smart-card', 'two words', '', 'X']), 'hybrid smart-card usb')
  assert.deepEqual(transportsOf('hybrid usb'), ['hybrid', 'usb'])
  assert.deepEqual(transportsOf(transportWords()), [])
})

test('a new passkey is named after its provider, else after its device, else “Passkey”', () => {
  const device = 'Firefox, Linux'
  assert.equal(nameForNewPasskey({ aaguid: 'bada5566-a7aa-401f-bd96-45619a55120d', device }), '1Password')
  assert.equal(nameForNewPasskey({ aaguid: '00000000-0000-0000-0000-000000000000', device }), device)
  assert.equal(nameForNewPasskey({ aaguid: '00000000-0000-0000-0000-000000000000', device: '' }), 'Passkey')
  assert.equal(providerNamed('constructor'), undefined)
})

const REGISTRATION = {
  id: 'AQID',
  rawId: 'AQID',
  type: 'public-key',
  authenticatorAttachment: 'platform',
  clientExtensionResults: { credProps: { rk: true } },
  response: {
    clientDataJSON: 'e30',
    attestationObject: 'oA',
    authenticatorData: 'AA',
    publicKey: 'AA',
    publicKeyAlgorithm: -7,
    transports: ['internal', 'hybrid'],
  },
}
const ASSERTION = {
  ...REGISTRATION,
  authenticatorAttachment: null,
  response: { clientDataJSON: 'e30', authenticatorData: 'AA', signature: 'AA', userHandle: null },
}

test('responses of browsers match the schema; those with more, fewer, longer or malformed fields do not', () => {
  assert.ok('value' in parse(PasskeyRegistrationResponse, REGISTRATION))
  assert.ok('value' in parse(PasskeyAuthenticationResponse, ASSERTION))
  const long = 'A'.repeat(16_385)
  const registration = (part: object) => ({ ...REGISTRATION, response: { ...REGISTRATION.response, ...part } })
  const assertion = (part: object) => ({ ...ASSERTION, response: { ...ASSERTION.response, ...part } })
  for (const wrong of [
    { ...REGISTRATION, id: 'A'.repeat(1365) },
    { ...REGISTRATION, id: 'a+b/' },
    { ...REGISTRATION, type: 'password' },
    { ...REGISTRATION, verified: true },
    { ...REGISTRATION, clientExtensionResults: Object.fromEntries(Array.from({ length: 17 }, (_, at) => [at, at])) },
    registration({ attestationObject: long }),
    registration({ clientDataJSON: long }),
    registration({ authenticatorData: long }),
    registration({ publicKey: long }),
    registration({ transports: Array.from({ length: 17 }, () => 'usb') }),
    registration({ transports: [long] }),
  ])
    assert.ok('fieldErrors' in parse(PasskeyRegistrationResponse, wrong), JSON.stringify(wrong).slice(0, 80))
  for (const part of [
    { signature: '' },
    { signature: long },
    { authenticatorData: long },
    { userHandle: long },
    { ok: true },
  ])
    assert.ok('fieldErrors' in parse(PasskeyAuthenticationResponse, assertion(part)), JSON.stringify(part).slice(0, 80))
})
