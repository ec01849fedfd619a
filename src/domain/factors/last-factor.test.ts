import assert from 'node:assert/strict'
import { test } from 'node:test'

import { mayBeLeftWith } from './last-factor.ts'

test('where a second factor is required, one that is allowed cannot be removed if it is the last', () => {
  const none = { apps: 0, passkeys: 0 }
  const app = { apps: 1, passkeys: 0 }
  const passkey = { apps: 0, passkeys: 1 }
  const any = ['totp', 'passkey'] as const
  const cases = [
    [app, 'required', any, true],
    [passkey, 'required', any, true],
    [none, 'required', any, false],
    [none, 'optional', any, true],
    [app, 'required', ['passkey'], false],
    [passkey, 'required', ['passkey'], true],
    [passkey, 'required', ['totp'], false],
    [app, 'optional', ['passkey'], true],
    [app, 'phishing-resistant', ['passkey'], false],
    [passkey, 'phishing-resistant', ['passkey'], true],
  ] as const
  for (const [left, secondFactor, factors, may] of cases)
    assert.equal(mayBeLeftWith(left, { secondFactor, factors }), may, JSON.stringify([left, secondFactor, factors]))
})
