import assert from 'node:assert/strict'
import { test } from 'node:test'

import { listedTimeZone } from './time-zone.ts'

test('a time zone of the list is taken, and nothing else', () => {
  for (const name of ['UTC', 'Europe/Berlin', 'America/New_York']) assert.equal(listedTimeZone(name), name)
  for (const name of ['', 'Mars/Olympus', '+01:00', 'europe/berlin', 'Europe/Berlin\u0000', '<b>', 'constructor']) {
    assert.equal(listedTimeZone(name), null, name)
  }
})
