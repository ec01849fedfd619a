import assert from 'node:assert/strict'
import { test } from 'node:test'

import { healthOf } from './health.ts'

test('what wants attention first is told, and nothing else', () => {
  const well = { hasPassword: true, passwordAsked: false, apps: 2 }
  const cases = [
    [well, 'good'],
    [{ ...well, apps: 10 }, 'good'],
    [{ ...well, apps: 1 }, 'oneApp'],
    [{ ...well, apps: 1, passwordAsked: true }, 'passwordAsked'],
    [{ ...well, hasPassword: false, passwordAsked: true }, 'noPassword'],
    [{ ...well, hasPassword: false, apps: 0 }, 'noApp'],
  ] as const
  for (const [about, health] of cases) assert.equal(healthOf(about), health)
})
