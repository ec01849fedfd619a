import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { isWithin, LAST_INSTANT, toRfc3339 } from './time.ts'

test('every instant from the first to the last is written as its date', () => {
  const instants = fc.oneof(
    fc.integer({ min: -LAST_INSTANT, max: LAST_INSTANT }),
    fc.integer({ min: 0, max: 4_102_444_800_000 }),
    fc.constantFrom(0, -1, 1, LAST_INSTANT, -LAST_INSTANT, 951_782_400_000),
  )
  fc.assert(fc.property(instants, (instant) => toRfc3339(instant) === new Date(instant).toISOString()))
})

test('an instant beyond the last date is refused', () => {
  for (const nonsense of [LAST_INSTANT + 1, Number.NaN, Infinity]) assert.throws(() => toRfc3339(nonsense), RangeError)
})

test('an instant is within a span from itself until the span has passed, and never while it is in the future', () => {
  const cases = [99, 100, 109, 110].map((now) => isWithin(10, 100, now))
  assert.deepEqual(cases, [false, true, true, false])
  assert.equal(isWithin(10, -Infinity, 0), false)
})
