import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'

import { generateKeyring } from '#foundation/platform/crypto/keyring-file.ts'
import { keyringOf } from '#foundation/platform/crypto/keyring.ts'
import { randomBytes } from '#foundation/platform/system.ts'
import { render } from '../html.ts'
import { formTokenOf } from './form-token.ts'

const SESSION = '019a0000-0000-7000-8000-000000000000'

test('the token of a form depends on a key: the id of the session, which is in the database, is not enough', () => {
  const tokens = [0, 1].map(() => {
    const keyring = keyringOf(generateKeyring(randomBytes, 0), randomBytes)
    const [, token = ''] = /value="([^"]+)"/.exec(render(formTokenOf({ keyring }, SESSION))) ?? []
    return token
  })
  assert.notEqual(tokens[0], tokens[1])
  for (const token of tokens) assert.equal(Buffer.from(token, 'base64url').length, 32)
  for (const known of [SESSION, `form ${SESSION}`]) assert.ok(!tokens.includes(hash('sha256', known, 'base64url')))
})
