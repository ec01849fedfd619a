import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import {
  ASSURANCE_LEVELS,
  assuranceOf,
  highestAssuranceOf,
  meetsAccountAssurance,
  meetsSignInAssurance,
} from './assurance.ts'

const NONE = { secondFactorAt: null, passkeyAt: null }
const APP = { secondFactorAt: 1, passkeyAt: null }
const PASSKEY = { secondFactorAt: 1, passkeyAt: 1 }

const ANY = { isPhishingResistant: false, isPasskeyAllowed: true }

const WORTH: readonly [methods: string, level: string | undefined, none: boolean, app: boolean, passkey: boolean][] = [
  ['password', 'one-factor', true, false, false],
  ['password remembered-device', 'one-factor', true, false, false],
  ['password remembered-device totp', 'two-factors', true, true, false],
  ['remembered-device', undefined, false, false, false],
  ['password totp', 'two-factors', true, true, false],
  ['password recovery-code', 'two-factors', true, true, true],
  ['password passkey', 'phishing-resistant', true, true, true],
  ['passkey', 'phishing-resistant', true, true, true],
  ['recovery-code', undefined, false, false, false],
  ['totp', undefined, false, false, false],
  ['', undefined, false, false, false],
]

for (const [methods, level, none, app, passkey] of WORTH) {
  test(`${methods} is worth ${level}, and a full authentication for ${[none, app, passkey].join(', ')}`, () => {
    const verified = methods.split(' ').filter(Boolean)
    assert.equal(assuranceOf(verified), level)
    assert.deepEqual(
      [
        meetsAccountAssurance(verified, NONE, ANY),
        meetsAccountAssurance(verified, APP, ANY),
        meetsAccountAssurance(verified, PASSKEY, ANY),
      ],
      [none, app, passkey],
    )
    assert.equal(meetsSignInAssurance(verified, APP), level !== undefined && level !== 'one-factor')
    assert.equal(meetsSignInAssurance(verified, NONE), level !== undefined)
  })
}

test('where a policy wants a passkey, nothing else is a full authentication', () => {
  const demanded = { isPhishingResistant: true, isPasskeyAllowed: true }
  for (const [methods] of WORTH)
    assert.equal(meetsAccountAssurance(methods.split(' '), PASSKEY, demanded), methods.includes('passkey'), methods)
})

test('where a policy allows no passkey, password and code are a full authentication of an account that has one', () => {
  const ignored = { isPhishingResistant: false, isPasskeyAllowed: false }
  assert.equal(meetsAccountAssurance(['password', 'totp'], PASSKEY, ignored), true)
  assert.equal(meetsAccountAssurance(['password'], PASSKEY, ignored), false)
  assert.equal(meetsAccountAssurance(['passkey'], PASSKEY, ignored), false)
})

test('the level of an account is that of its strongest factor, whichever was added last', () => {
  const factors = fc.record({ totp: fc.boolean(), passkey: fc.boolean() })
  fc.assert(
    fc.property(factors, ({ totp, passkey }) => {
      const most = highestAssuranceOf({ secondFactorAt: totp || passkey ? 1 : null, passkeyAt: passkey ? 1 : null })
      const each = ['password', ...(totp ? ['totp'] : []), ...(passkey ? ['passkey'] : [])]
      assert.equal(
        most,
        ASSURANCE_LEVELS.findLast((level) =>
          each.some((kind) => assuranceOf(['password', kind].slice(kind === 'password' ? 1 : 0)) === level),
        ),
      )
    }),
  )
})
