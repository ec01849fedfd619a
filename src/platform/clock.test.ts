import assert from 'node:assert/strict'
import { test } from 'node:test'

import { systemClock } from './clock.ts'

test('the clock never runs backwards', () => {
  const readings = [1000, 1500.9, 900, 1500, 1600]
  const clock = systemClock(() => readings.shift() ?? 0)
  assert.deepEqual(
    Array.from({ length: 6 }, () => clock.now()),
    [1000, 1500, 1500, 1500, 1600, 1600],
  )
})

test('the clock tells the time of the machine', () => {
  const before = Date.now()
  const now = systemClock().now()
  assert.ok(Number.isInteger(now) && now >= before && now <= Date.now())
})
