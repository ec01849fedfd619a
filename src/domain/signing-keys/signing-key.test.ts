import assert from 'node:assert/strict'
import { test } from 'node:test'

import { days, hours, type Instant } from '#foundation/kernel/time.ts'
import { thumbprintOf } from './key-pair.ts'
import {
  isDueForRotation,
  keySetOf,
  missingAlgorithms,
  rotatableAlgorithms,
  type SigningKey,
  type SigningKeyState,
  signingKeyState,
  unfollowedKeys,
  versionOf,
} from './signing-key.ts'

const START: Instant = days(20_000)

function key(kid: string, given: Partial<SigningKey> = {}): SigningKey {
  return { kid, alg: 'ES256', createdAt: START, signsFrom: START, retiredAt: null, ...given }
}

const STATES: readonly [name: string, key: Partial<SigningKey>, after: number, SigningKeyState][] = [
  ['a key that is to sign', { signsFrom: START + hours(1) }, hours(1) - 1, 'published'],
  ['a key whose time to sign has come', { signsFrom: START + hours(1) }, hours(1), 'signing'],
  ['a key without a successor', {}, days(400), 'signing'],
  ['a key before its end', { retiredAt: START + hours(1) }, hours(1) - 1, 'signing'],
  ['a key at its end', { retiredAt: START + hours(1) }, hours(1), 'retired'],
  ['a key whose last ID token is known to caches', { retiredAt: START + hours(1) }, hours(3) - 1, 'retired'],
  ['a key of which every ID token has expired', { retiredAt: START + hours(1) }, hours(3), 'withdrawn'],
]
for (const [name, given, after, state] of STATES) {
  test(`${name} is ${state}`, () => assert.equal(signingKeyState(key('a', given), START + after), state))
}

test('the key set begins with the signing key of each algorithm, then what will sign, then what has signed', () => {
  const now = START + days(90)
  const keys = [
    key('gone', { retiredAt: now - hours(2) }),
    key('retired', { retiredAt: now - hours(1) }),
    key('next', { signsFrom: now + hours(1) }),
    key('rsa', { alg: 'RS256' }),
    key('ec', { signsFrom: now - hours(1), retiredAt: now + hours(1) }),
  ]
  const order = ['ec', 'rsa', 'next', 'retired']
  for (const given of [keys, keys.toReversed()])
    assert.deepEqual(
      keySetOf(given, now).map(({ kid }) => kid),
      order,
    )
})

test('the version changes with every state that time changes, and only then', () => {
  const rotated = [key('old', { retiredAt: START + hours(1) }), key('new', { signsFrom: START + hours(1) })]
  const versions = [0, 30, 60, 90, 120, 179, 180, 999].map((minute) => versionOf(rotated, START + minute * 60_000))
  const changes = versions.map((version, index) => index > 0 && version !== versions[index - 1])
  assert.deepEqual(changes, [false, false, true, false, false, false, true, false])
  assert.equal(versionOf(rotated.toReversed(), START), versions[0])
  assert.notEqual(versionOf([...rotated, key('third', { alg: 'RS256' })], START), versions[0])
})

const next = key('next', { signsFrom: START + hours(1) })
const ending = key('ending', { retiredAt: START + hours(1) })
const SETS: readonly [
  name: string,
  keys: SigningKey[],
  missing: string[],
  rotatable: string[],
  unfollowed: string[],
][] = [
  ['no key', [], ['ES256', 'RS256'], [], []],
  ['one signing key', [key('a')], ['RS256'], ['ES256'], []],
  ['a pair', [key('a'), key('b', { alg: 'RS256' })], [], ['ES256', 'RS256'], []],
  ['a key and its successor', [ending, next], ['RS256'], [], []],
  ['a key that is to sign alone, as a clock that is behind sees it', [next], ['RS256'], [], []],
  ['a key that lost its successor', [ending], ['RS256'], ['ES256'], ['ending']],
  ['a retired key', [key('a', { retiredAt: START })], ['ES256', 'RS256'], [], []],
]
for (const [name, keys, missing, rotatable, unfollowed] of SETS) {
  test(`of ${name}: missing ${missing.join()}, rotatable ${rotatable.join()}, unfollowed ${unfollowed.join()}`, () => {
    assert.deepEqual(missingAlgorithms(keys, START), missing)
    assert.deepEqual(rotatableAlgorithms(keys, START), rotatable)
    assert.deepEqual(
      unfollowedKeys(keys, START).map(({ kid }) => kid),
      unfollowed,
    )
  })
}

test('a key is due after it has signed for 90 days', () => {
  const late = key('a', { signsFrom: START + hours(1) })
  assert.equal(isDueForRotation(late, START + days(90)), false)
  assert.equal(isDueForRotation(late, START + days(90) + hours(1)), true)
  assert.equal(isDueForRotation({ ...late, retiredAt: START + days(90) }, START + days(90) + hours(1)), false)
})

// RFC 7638 §3.1
test('the id of a key is its thumbprint', () => {
  const n =
    '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMs' +
    'tn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n9' +
    '1CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw'
  const thumbprint = 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs'
  assert.equal(thumbprintOf({ kty: 'RSA', n, e: 'AQAB', alg: 'RS256', kid: '2011-04-29' } as JsonWebKey), thumbprint)
})
