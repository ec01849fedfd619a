import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'

import { generateKeyring } from '#foundation/platform/crypto/keyring-file.ts'
import { type Keyring, keyringOf } from '#foundation/platform/crypto/keyring.ts'
import { randomBytes } from '#foundation/platform/system.ts'
import { render } from '../html.ts'
import { formTokenOf } from './form-token.ts'

const SESSION = '019a0000-0000-7000-8000-000000000000'

function fieldOf(keyring: Keyring): Buffer {
  const [, value = ''] = /value="([^"]+)"/.exec(render(formTokenOf({ keyring, random: randomBytes }, SESSION))) ?? []
  assert.equal(value.length, 86)
  return Buffer.from(value, 'base64url')
}

function unmaskedIn(field: Buffer): string {
  return Buffer.from(field.subarray(32).map((byte, index) => byte ^ (field[index] ?? 0))).toString('base64url')
}

test('two forms of a session have no part of their field in common, and the same token behind the mask', () => {
  const keyring = keyringOf(generateKeyring(randomBytes, 0), randomBytes)
  const [one, other] = [fieldOf(keyring), fieldOf(keyring)]
  assert.equal(unmaskedIn(one), unmaskedIn(other))
  for (const start of [0, 32]) assert.notDeepEqual(one.subarray(start, start + 32), other.subarray(start, start + 32))
})

test('the token of a form depends on a key: the id of the session, which is in the database, is not enough', () => {
  const tokens = [0, 1].map(() => {
    const keyring = keyringOf(generateKeyring(randomBytes, 0), randomBytes)
    return unmaskedIn(fieldOf(keyring))
  })
  assert.notEqual(tokens[0], tokens[1])
  for (const token of tokens) assert.equal(Buffer.from(token, 'base64url').length, 32)
  for (const known of [SESSION, `form ${SESSION}`]) assert.ok(!tokens.includes(hash('sha256', known, 'base64url')))
})
