import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { SecondFactorKind } from './factor-kind.ts'
import { offerOrder } from './factor-order.ts'

type Case = readonly [factors: readonly (readonly [SecondFactorKind, number])[], order: readonly SecondFactorKind[]]

test('the way used last is offered first, and recovery codes last', () => {
  const cases: readonly Case[] = [
    [[], []],
    [[['totp', 5]], ['totp']],
    [
      [
        ['passkey', 5],
        ['totp', 6],
      ],
      ['totp', 'passkey'],
    ],
    [
      [
        ['totp', 5],
        ['passkey', 6],
      ],
      ['passkey', 'totp'],
    ],
    // At the same moment, the one that no other site can ask for.
    [
      [
        ['totp', 5],
        ['passkey', 5],
      ],
      ['passkey', 'totp'],
    ],
    // Of several of a kind the latest counts.
    [
      [
        ['passkey', 1],
        ['passkey', 9],
        ['totp', 8],
        ['totp', 2],
      ],
      ['passkey', 'totp'],
    ],
    // However late a code was used, and where everything else is as old as can be.
    [
      [
        ['recovery-code', 9],
        ['totp', 0],
        ['passkey', 3],
      ],
      ['passkey', 'totp', 'recovery-code'],
    ],
    [[['recovery-code', 9]], ['recovery-code']],
  ]
  for (const [factors, order] of cases)
    assert.deepEqual(offerOrder(factors.map(([kind, usedAt]) => ({ kind, usedAt }))), order)
})
