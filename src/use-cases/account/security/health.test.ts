import assert from 'node:assert/strict'
import { test } from 'node:test'

import { healthOf } from './health.ts'

test('what wants attention first is told, and nothing else', () => {
  const well = { hasPassword: true, passwordAsked: false, ways: 2, recoveryCodes: 10 }
  const cases = [
    [well, 'good'],
    [{ ...well, ways: 10, recoveryCodes: 4 }, 'good'],
    [{ ...well, ways: 1 }, 'oneWay'],
    [{ ...well, ways: 1, recoveryCodes: 3 }, 'fewCodes'],
    [{ ...well, recoveryCodes: 1 }, 'fewCodes'],
    [{ ...well, recoveryCodes: 0 }, 'noCodes'],
    [{ ...well, ways: 1, recoveryCodes: 0, passwordAsked: true }, 'passwordAsked'],
    [{ ...well, hasPassword: false, passwordAsked: true }, 'noPassword'],
    [{ ...well, hasPassword: false, ways: 0, recoveryCodes: 0 }, 'noWay'],
  ] as const
  for (const [about, health] of cases) assert.equal(healthOf(about), health)
})
