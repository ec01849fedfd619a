import assert from 'node:assert/strict'
import { test } from 'node:test'

import { NO_TERMS } from '../policy.ts'
import { namesOfPolicies } from './named-scope.ts'

const NOW = 1000

function version(
  policyName: string,
  number: number,
  from: number,
  more: { isEnd?: boolean; cancelledAt?: number } = {},
) {
  const { isEnd = false, cancelledAt = null } = more
  return { policyId: policyName, policyName, version: number, terms: NO_TERMS, isEnd, inForceFrom: from, cancelledAt }
}

test('a policy names a group or a role while a version is in force or planned', () => {
  const named = (...versions: ReturnType<typeof version>[]) => namesOfPolicies(versions, NOW)
  assert.deepEqual(named(), [])
  assert.deepEqual(named(version('in force', 1, NOW)), ['in force'])
  assert.deepEqual(named(version('planned', 1, NOW + 1)), ['planned'])
  assert.deepEqual(named(version('ended', 1, 0), version('ended', 2, NOW, { isEnd: true })), [])
  assert.deepEqual(named(version('ends later', 1, 0), version('ends later', 2, NOW + 1, { isEnd: true })), [
    'ends later',
  ])
  assert.deepEqual(named(version('cancelled', 1, NOW + 1, { cancelledAt: NOW })), [])
  assert.deepEqual(named(version('b', 1, 0), version('a', 1, 0)), ['a', 'b'])
  const begunAgain = [version('again', 1, 0), version('again', 2, 1, { isEnd: true }), version('again', 3, NOW + 9)]
  assert.deepEqual(named(...begunAgain), ['again'])
})
