import assert from 'node:assert/strict'
import { test } from 'node:test'

import { CLOCK_TOLERANCE, hours, minutes, seconds } from '#foundation/kernel/time.ts'
import { authenticatedRecently, endOf, limitReached, sessionStatus } from './session.ts'

const lifetimes = { idle: hours(1), absolute: hours(24), touchEvery: seconds(60) }
const start = 1_800_000_000_000

const cases: [name: string, lastSeen: number, now: number, state: string][] = [
  ['just seen', 0, 0, 'fresh'],
  ['seen within the minute', 0, seconds(59), 'fresh'],
  ['not written for a minute', 0, seconds(60), 'due-for-touch'],
  ['a moment before the idle limit', 0, hours(1) - 1, 'due-for-touch'],
  ['at the idle limit', 0, hours(1), 'expired'],
  ['seen by a node whose clock is a little ahead', CLOCK_TOLERANCE, 0, 'fresh'],
  ['seen by a clock that was wrong', CLOCK_TOLERANCE + 1, 0, 'due-for-touch'],
  ['busy, a moment before the absolute limit', hours(24) - minutes(2), hours(24) - 1, 'due-for-touch'],
  ['busy, at the absolute limit', hours(24) - 1, hours(24), 'expired'],
]

for (const [name, lastSeen, now, state] of cases) {
  test(`a session ${name} is ${state}`, () => {
    assert.equal(sessionStatus({ startedAt: start, lastSeenAt: start + lastSeen }, start + now, lifetimes), state)
  })
}

test('the end of a session is the nearer of its two limits', () => {
  assert.equal(endOf({ startedAt: start, lastSeenAt: start }, lifetimes), start + hours(1))
  assert.equal(endOf({ startedAt: start, lastSeenAt: start + hours(23.5) }, lifetimes), start + hours(24))
})

test('what ended a session is the limit that came first', () => {
  const ended = (lastSeen: number, now: number) =>
    limitReached({ startedAt: start, lastSeenAt: start + lastSeen }, start + now, lifetimes)
  assert.equal(ended(0, hours(1) - 1), undefined)
  assert.equal(ended(0, hours(1)), 'idle')
  assert.equal(ended(0, hours(30)), 'idle')
  assert.equal(ended(hours(23), hours(24)), 'idle')
  assert.equal(ended(hours(23) + 1, hours(24)), 'absolute')
})

test('an authentication is recent until its lifetime has passed', () => {
  assert.equal(authenticatedRecently({ authenticatedAt: start }, start + minutes(10), minutes(10)), true)
  assert.equal(authenticatedRecently({ authenticatedAt: start }, start + minutes(10) + 1, minutes(10)), false)
  assert.equal(authenticatedRecently({ authenticatedAt: start }, start - CLOCK_TOLERANCE, minutes(10)), true)
  assert.equal(authenticatedRecently({ authenticatedAt: start }, start - CLOCK_TOLERANCE - 1, minutes(10)), false)
})
