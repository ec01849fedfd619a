import assert from 'node:assert/strict'
import { test } from 'node:test'

import { mayBeLeftWith } from './last-factor.ts'

test('an allowed second factor cannot be removed if none or only one that is not allowed is left, except the last where it is optional', () => {
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
    [app, 'optional', ['passkey'], false],
    [passkey, 'optional', ['passkey'], true],
    [none, 'optional', ['passkey'], true],
    [app, 'phishing-resistant', ['passkey'], false],
    [passkey, 'phishing-resistant', ['passkey'], true],
  ] as const
  for (const [left, secondFactor, factors, may] of cases)
    assert.equal(mayBeLeftWith(left, { secondFactor, factors }), may, JSON.stringify([left, secondFactor, factors]))
})
