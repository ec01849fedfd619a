import assert from 'node:assert/strict'
import { test } from 'node:test'

import { fieldErrorsInProfile } from '../../../domain/users/profile.ts'
import { timeZones } from './time-zones.ts'

test('each time zone is listed once, by its present name, which the profile accepts', () => {
  const zones = timeZones()
  const names = zones.map(({ name }) => name)
  assert.equal(new Set(names).size, names.length)
  for (const { name } of zones) assert.deepEqual(fieldErrorsInProfile({ timeZone: name }), [], name)
  for (const former of ['Asia/Calcutta', 'Europe/Kiev', 'Asia/Rangoon']) {
    assert.ok(!names.includes(former), former)
    assert.ok(
      zones.some(({ was }) => was === former),
      former,
    )
  }
})
