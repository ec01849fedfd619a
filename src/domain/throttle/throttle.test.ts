import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { hours, minutes, seconds } from '#foundation/kernel/time.ts'
import {
  backoffAfter,
  backoffSteps,
  clientClassOf,
  deviceBuckets,
  GUESSED_FACTORS,
  guessedFactorOf,
  INDEFINITELY,
  NAME_POLICY,
  NETWORK_POLICY,
  networkBucket,
  networkBuckets,
  policyOf,
  retryAfter,
  sessionBuckets,
  subjectOf,
  USER_POLICY,
  userBuckets,
} from './throttle.ts'

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
  test(`after ${failures} failures the next guess at a user is blocked for ${wait} ms`, () => {
    assert.equal(backoffAfter(failures, USER_POLICY), wait)
  })
}

test('a network is blocked from its hundredth failure on and never locked out', () => {
  assert.equal(backoffAfter(99, NETWORK_POLICY), 0)
  assert.equal(backoffAfter(100, NETWORK_POLICY), seconds(30))
  assert.equal(backoffAfter(1_000_000, NETWORK_POLICY), hours(1))
})

test('one more failure never shortens the backoff, and the steps match the rule', () => {
  const policy = fc.constantFrom(USER_POLICY, NETWORK_POLICY)
  fc.assert(
    fc.property(policy, fc.nat(400), (some, failures) => {
      assert.ok(backoffAfter(failures + 1, some) >= backoffAfter(failures, some))
      assert.equal(backoffSteps(some).findLast(({ from }) => from <= failures)?.delay, backoffAfter(failures, some))
    }),
  )
})

test('`Retry-After` is in whole seconds, at least one and at most an hour', () => {
  assert.equal(retryAfter(1, 0), 1)
  assert.equal(retryAfter(29_001, 0), 30)
  assert.equal(retryAfter(INDEFINITELY, 0), 3600)
})

const SUBJECT = '0198c2f4-1111-7000-8000-00000000000a'
const DEVICE = 'session_but_not_quite_'

for (const factor of GUESSED_FACTORS) {
  test(`the key of each ${factor} bucket names its factor, its user and its client class`, () => {
    const keys = {
      untrusted: userBuckets(SUBJECT, [factor]),
      'device-cookie-client': deviceBuckets(SUBJECT, [factor], DEVICE),
      session: sessionBuckets(SUBJECT, [factor]),
    }
    assert.equal(new Set(Object.values(keys).flat()).size, 3)
    for (const [clientClass, [key = '']] of Object.entries(keys)) {
      assert.deepEqual([guessedFactorOf(key), clientClassOf(key), subjectOf(key)], [factor, clientClass, SUBJECT], key)
      assert.equal(policyOf(key), factor === 'name' ? NAME_POLICY : USER_POLICY)
    }
    assert.equal(guessedFactorOf(`name:65535:${factor}`), factor)
    assert.equal(subjectOf(`name:65535:${factor}`), null)
  })
}

test('the bucket of a network has no factor, and a guess may have no network', () => {
  for (const network of ['192.0.2.1', '2001:db8:0:1::/64', 'unknown']) {
    assert.equal(guessedFactorOf(networkBucket(network)), undefined)
    assert.equal(policyOf(networkBucket(network)), NETWORK_POLICY)
    assert.deepEqual(networkBuckets({ network }), [networkBucket(network)])
  }
  assert.deepEqual(networkBuckets({ network: null }), [])
})
