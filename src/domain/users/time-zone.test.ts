import assert from 'node:assert/strict'
import { test } from 'node:test'

import { fieldErrorsInProfile } from './profile.ts'
import { listedTimeZone, timeZones } from './time-zone.ts'

test('a time zone of the list is taken by its present name, and nothing else', () => {
  assert.equal(listedTimeZone('Asia/Calcutta'), 'Asia/Kolkata')
  for (const name of ['UTC', 'Europe/Berlin', 'America/New_York']) assert.equal(listedTimeZone(name), name)
  for (const name of ['', 'Mars/Olympus', '+01:00', 'europe/berlin', 'Europe/Berlin\u0000', '<b>', 'constructor']) {
    assert.equal(listedTimeZone(name), null, name)
  }
})

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
