import assert from 'node:assert/strict'
import { test } from 'node:test'

import { hours, seconds } from '#foundation/kernel/time.ts'
import { ATTEMPT_DEADLINE, MAIL_LEASE, messageIdOf, waitAfter } from './outbox.ts'

test('the wait doubles from 15 seconds up to an hour', () => {
  const waits = [1, 2, 3, 8, 9, 10, 1000].map(waitAfter)
  assert.deepEqual(waits, [15, 30, 60, 1920, 3600, 3600, 3600].map(seconds))
  assert.equal(Math.max(...waits), hours(1))
})

test('a lease lasts longer than an attempt', () => {
  assert.ok(MAIL_LEASE > 2 * ATTEMPT_DEADLINE)
})

test('a Message-ID is made of the id and the host, also of an IPv6 address', () => {
  assert.equal(messageIdOf('1-2', 'https://id.example.org:8443'), '<1-2@id.example.org>')
  assert.equal(messageIdOf('1-2', 'http://[::1]:8000'), '<1-2@--1>')
})
