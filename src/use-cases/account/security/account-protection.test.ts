import assert from 'node:assert/strict'
import { test } from 'node:test'

import { healthOf } from './account-protection.ts'

test('an account’s health names only the most urgent deficiency', () => {
  const well = { hasPassword: true, passwordAsked: false, factors: 2, recoveryCodes: 10 }
  const cases = [
    [well, 'good'],
    [{ ...well, factors: 10, recoveryCodes: 4 }, 'good'],
    [{ ...well, factors: 1 }, 'oneWay'],
    [{ ...well, factors: 1, recoveryCodes: 3 }, 'fewCodes'],
    [{ ...well, recoveryCodes: 1 }, 'fewCodes'],
    [{ ...well, recoveryCodes: 0 }, 'noCodes'],
    [{ ...well, factors: 1, recoveryCodes: 0, passwordAsked: true }, 'passwordAsked'],
    [{ ...well, hasPassword: false, passwordAsked: true }, 'noPassword'],
    [{ ...well, hasPassword: false, factors: 0, recoveryCodes: 0 }, 'noWay'],
  ] as const
  for (const [about, health] of cases) assert.equal(healthOf(about), health)
})
