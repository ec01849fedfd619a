import assert from 'node:assert/strict'
import { test } from 'node:test'

import { protectionOf } from './account-protection.ts'

test('an account’s protection has four parts and names only the most urgent deficiency', () => {
  const well = { hasPassword: true, passwordAsked: false, factors: 2, recoveryCodes: 10 }
  const cases = [
    [well, 'good', []],
    [{ ...well, factors: 10, recoveryCodes: 4 }, 'good', []],
    [{ ...well, factors: 1 }, 'oneWay', ['backup']],
    [{ ...well, factors: 1, recoveryCodes: 3 }, 'fewCodes', ['backup', 'codes']],
    [{ ...well, recoveryCodes: 1 }, 'fewCodes', ['codes']],
    [{ ...well, recoveryCodes: 0 }, 'noCodes', ['codes']],
    [{ ...well, factors: 1, recoveryCodes: 0, passwordAsked: true }, 'passwordAsked', ['password', 'backup', 'codes']],
    [{ ...well, hasPassword: false, passwordAsked: true }, 'noPassword', ['password']],
    [
      { ...well, hasPassword: false, factors: 0, recoveryCodes: 0 },
      'noWay',
      ['password', 'secondStep', 'backup', 'codes'],
    ],
  ] as const
  for (const [about, health, missing] of cases) {
    const shown = protectionOf(about)
    assert.equal(shown.health, health)
    assert.deepEqual(
      Object.entries(shown.done).flatMap(([part, isDone]) => (isDone ? [] : [part])),
      missing,
    )
    assert.equal(health === 'good', missing.length === 0, 'a part is missing that has no deficiency')
  }
})
