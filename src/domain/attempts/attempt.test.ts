import assert from 'node:assert/strict'
import { test } from 'node:test'

import { attemptStatus } from './attempt.ts'

const open = { epoch: 3, expiresAt: 1000, consumedAt: null, purpose: 'sign-in' as const }

const cases: [name: string, change: object, epoch: number | undefined, now: number, status: string][] = [
  ['open', {}, 3, 999, 'open'],
  ['at its expiry', {}, 3, 1000, 'ended'],
  ['consumed', { consumedAt: 500 }, 3, 999, 'ended'],
  ['whose user changed credentials', {}, 4, 999, 'ended'],
  ['whose user was deleted', {}, undefined, 999, 'ended'],
  ['an invitation of an older epoch', { purpose: 'invitation' }, 4, 999, 'ended'],
  ['a set-up without a user', { purpose: 'set-up', epoch: 0 }, undefined, 999, 'open'],
  ['a set-up whose subject exists', { purpose: 'set-up', epoch: 0 }, 0, 999, 'ended'],
]

for (const [name, change, epoch, now, status] of cases) {
  test(`an attempt (${name}) is ${status}`, () => {
    assert.equal(attemptStatus({ ...open, ...change }, { epoch }, now), status)
  })
}
