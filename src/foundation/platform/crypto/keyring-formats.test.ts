// Stored formats: after an upgrade, a sealed value still opens and a key has the same fingerprint. None of these values may change.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { fingerprintOf, KeyringError, type KeyPurpose, type StoredKey } from './keyring-file.ts'
import { keyringOf } from './keyring.ts'
import type { SealedAs } from './sealing.ts'

function keyFor(purpose: KeyPurpose, byte: number): StoredKey {
  return { id: `${purpose}-1`, purpose, secret: Buffer.alloc(32, byte).toString('base64url'), created_at: 0 }
}

const SEAL = keyFor('seal', 1)
const keyring = keyringOf({ version: 1, keys: [SEAL, keyFor('throttle', 3), keyFor('pepper', 5)] }, (size) =>
  new Uint8Array(size).fill(7),
)

/** A value of each purpose. The first three are older than the names of purposes, so what they bind has no name in it. */
const SEALED: readonly (readonly [SealedAs, string])[] = [
  [
    { purpose: 'totp-secret', subject: 's1', factorId: 'f1' },
    'v1.seal-1.BwcHBwcHBwcHBwcH_paJ1mraWbswK27AoqQxlKwnH7roAw',
  ],
  [{ purpose: 'mailed-link', mailId: 'm1' }, 'v1.seal-1.BwcHBwcHBwcHBwcH_paJ1mraOnI3GkQRA1dz2dD3umMBGA'],
  [
    { purpose: 'draft', sessionId: 'session-1', path: '/account' },
    'v1.seal-1.BwcHBwcHBwcHBwcH_paJ1mraMDz2dgLoBZ6qjBJT71QnQg',
  ],
  [{ purpose: 'signing-key', kid: 'k1' }, 'v1.seal-1.BwcHBwcHBwcHBwcH_paJ1mraXgdKknzbfLc7DXKKgWzjZA'],
  [{ purpose: 'refresh-successor', tokenId: 't1' }, 'v1.seal-1.BwcHBwcHBwcHBwcH_paJ1mrapVkAhi3j8PeOLhkjByNaNQ'],
]

test('a value sealed by an earlier version opens, and is sealed to the same text today', () => {
  for (const [about, sealed] of SEALED) {
    assert.equal(Buffer.from(keyring.open(sealed, about)).toString(), 'secret')
    assert.equal(keyring.seal(Buffer.from('secret'), about), sealed)
  }
})

test('a sealed value opens as nothing else', () => {
  const others = SEALED.flatMap(([about, sealed]) =>
    SEALED.filter(([other]) => other !== about).map(([other]) => ({ sealed, other })),
  )
  for (const { sealed, other } of others) assert.throws(() => keyring.open(sealed, other), KeyringError)
  const [signingKey, successor] = SEALED.slice(3).map(([, sealed]) => sealed)
  assert.throws(() => keyring.open(signingKey ?? '', { purpose: 'refresh-successor', tokenId: 'k1' }), KeyringError)
  assert.throws(() => keyring.open(successor ?? '', { purpose: 'signing-key', kid: 't1' }), KeyringError)
})

test('the fingerprint of a key is the one of the first version', () => {
  assert.equal(fingerprintOf(SEAL), '8db6df73fa4f16b6d7dc01e21a035143e6b921ecb26b7802bac8022c5b292db7')
})

test('the MAC of a message is the one of the first version', () => {
  assert.deepEqual(keyring.mac('throttle', 'a message'), {
    keyId: 'throttle-1',
    mac: 'a81b5b00412edbf49baf0f9fade8a2b1975b0a4e7f795bbf5d51f49150ae9c86',
  })
})

test('the peppered form of a password is the one of the first version', () => {
  const mixed = keyring.pepper('pepper-1', Buffer.from('a password')) ?? []
  assert.equal(Buffer.from(mixed).toString(), 'c8d04e37efef344e48f7f20e19b846edffa8ba2f1ec043fdc11d94199e52afe8')
})
