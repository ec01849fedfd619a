import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { isAsStrong, isEnoughToSignIn, isFullProof, STRENGTHS, strengthOf, strongestOf } from './strength.ts'

const NONE = { secondFactorAt: null, passkeyAt: null }
const APP = { secondFactorAt: 1, passkeyAt: null }
const PASSKEY = { secondFactorAt: 1, passkeyAt: 1 }

const WORTH: readonly [methods: string, strength: string | undefined, none: boolean, app: boolean, passkey: boolean][] =
  [
    ['password', 'one-factor', true, false, false],
    ['password totp', 'two-factors', true, true, false],
    ['password recovery-code', 'two-factors', true, true, true],
    ['password passkey', 'phishing-resistant', true, true, true],
    ['passkey', 'phishing-resistant', true, true, true],
    ['recovery-code', undefined, false, false, false],
    ['totp', undefined, false, false, false],
    ['', undefined, false, false, false],
  ]

for (const [methods, strength, none, app, passkey] of WORTH) {
  test(`${methods} is worth ${strength}, and a full proof for ${[none, app, passkey].join(', ')}`, () => {
    const proven = methods.split(' ').filter(Boolean)
    assert.equal(strengthOf(proven), strength)
    assert.deepEqual(
      [isFullProof(proven, NONE), isFullProof(proven, APP), isFullProof(proven, PASSKEY)],
      [none, app, passkey],
    )
    assert.equal(isEnoughToSignIn(proven, APP), strength !== undefined && strength !== 'one-factor')
    assert.equal(isEnoughToSignIn(proven, NONE), strength !== undefined)
  })
}

test('what an account can give is the most of all its factors, whichever came last', () => {
  const held = fc.record({ totp: fc.boolean(), passkey: fc.boolean() })
  fc.assert(
    fc.property(held, ({ totp, passkey }) => {
      const most = strongestOf({ secondFactorAt: totp || passkey ? 1 : null, passkeyAt: passkey ? 1 : null })
      const each = ['password', ...(totp ? ['totp'] : []), ...(passkey ? ['passkey'] : [])]
      assert.equal(
        most,
        STRENGTHS.findLast((strength) =>
          each.some((kind) => strengthOf(['password', kind].slice(kind === 'password' ? 1 : 0)) === strength),
        ),
      )
    }),
  )
})

test('strengths are in order', () => {
  assert.ok(isAsStrong('phishing-resistant', 'two-factors'))
  assert.ok(isAsStrong('two-factors', 'two-factors'))
  assert.ok(!isAsStrong('one-factor', 'two-factors'))
})
