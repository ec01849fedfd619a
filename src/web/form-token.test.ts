import assert from 'node:assert/strict'
import { test } from 'node:test'

import { hashOf, newSecretToken } from '../kernel/secret-token.ts'
import { randomBytes } from '../platform/random.ts'
import { formTokenOf } from './form-token.ts'
import { render } from './html.ts'

test('the token of a form cannot be read out of the database, where the hash of the session’s stands', () => {
  const session = newSecretToken(randomBytes, 'dws_')
  const [, token = ''] = /value="([^"]+)"/.exec(render(formTokenOf(session))) ?? []
  const bytes = Buffer.from(token, 'base64url')
  assert.equal(bytes.length, 32)
  assert.notEqual(bytes.toString('hex'), hashOf(session))
})
