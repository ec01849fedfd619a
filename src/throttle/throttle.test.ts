import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { hours, minutes, seconds } from '../kernel/time.ts'
import { delayAfter, delaySteps, FOREVER, NETWORK_POLICY, retryAfter, USER_POLICY } from './throttle.ts'

const USER_WAITS: readonly [failures: number, wait: number][] = [
  [0, 0],
  [1, 0],
  [4, 0],
  [5, seconds(30)],
  [6, minutes(1)],
  [7, minutes(2)],
  [11, minutes(32)],
  [12, hours(1)],
  [99, hours(1)],
  [100, Infinity],
  [5000, Infinity],
]

for (const [failures, wait] of USER_WAITS) {
  test(`after ${failures} failures a user's next guess waits ${wait} ms`, () => {
    assert.equal(delayAfter(failures, USER_POLICY), wait)
  })
}

test('a network waits from its hundredth failure on and is never shut', () => {
  assert.equal(delayAfter(99, NETWORK_POLICY), 0)
  assert.equal(delayAfter(100, NETWORK_POLICY), seconds(30))
  assert.equal(delayAfter(1_000_000, NETWORK_POLICY), hours(1))
})

test('one more failure never shortens the wait, and the steps say the same as the rule', () => {
  const policy = fc.constantFrom(USER_POLICY, NETWORK_POLICY)
  fc.assert(
    fc.property(policy, fc.nat(400), (some, failures) => {
      assert.ok(delayAfter(failures + 1, some) >= delayAfter(failures, some))
      assert.equal(delaySteps(some).findLast(({ from }) => from <= failures)?.delay, delayAfter(failures, some))
    }),
  )
})

test('the announced wait is in whole seconds, at least one and at most an hour', () => {
  assert.equal(retryAfter(1, 0), 1)
  assert.equal(retryAfter(29_001, 0), 30)
  assert.equal(retryAfter(FOREVER, 0), 3600)
})
