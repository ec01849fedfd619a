import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { SecondFactorKind } from './factor-kind.ts'
import { offerOrder } from './factor-order.ts'

test('the factor used last is offered first, and recovery codes last', () => {
  const cases: readonly (readonly [used: string, order: string])[] = [
    ['', ''],
    ['totp:5', 'totp'],
    ['passkey:5 totp:6', 'totp passkey'],
    ['totp:5 passkey:6', 'passkey totp'],
    // At the same time, the phishing-resistant one.
    ['totp:5 passkey:5', 'passkey totp'],
    // Of several of a kind the last used one counts.
    ['passkey:1 passkey:9 totp:8 totp:2', 'passkey totp'],
    // Even if a recovery code was used last.
    ['recovery-code:9 totp:0 passkey:3', 'passkey totp recovery-code'],
    ['recovery-code:9', 'recovery-code'],
  ]
  for (const [used, order] of cases) {
    const factors = Array.from(used.matchAll(/([a-z-]+):(\d)/g), ([, kind, at]) => ({
      kind: kind as SecondFactorKind,
      usedAt: Number(at),
    }))
    assert.equal(offerOrder(factors).join(' '), order)
  }
})
