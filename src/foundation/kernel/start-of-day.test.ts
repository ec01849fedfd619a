import assert from 'node:assert/strict'
import { test } from 'node:test'

import { isDay, startOfDay, timeOnDay } from './start-of-day.ts'

const BEGINNINGS: readonly [claim: string, day: string, zone: string | null, instant: string][] = [
  ['without a zone in UTC', '2026-06-01', null, '2026-06-01T00:00:00Z'],
  ['in a zone that there is not in UTC', '2026-06-01', 'Mars/Olympus', '2026-06-01T00:00:00Z'],
  ['in Berlin before UTC, in summer by two hours', '2026-06-01', 'Europe/Berlin', '2026-05-31T22:00:00Z'],
  ['in Berlin on the day that is 23 hours long', '2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00Z'],
  ['in Berlin on the day after it', '2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00Z'],
  ['in Berlin on the day after the one of 25 hours', '2026-10-26', 'Europe/Berlin', '2026-10-25T23:00:00Z'],
  ['in Kathmandu with three quarters of an hour', '2026-06-01', 'Asia/Kathmandu', '2026-05-31T18:15:00Z'],
  ['on the eastern edge', '2026-06-01', 'Pacific/Kiritimati', '2026-05-31T10:00:00Z'],
  ['on the western edge', '2026-06-01', 'Pacific/Pago_Pago', '2026-06-01T11:00:00Z'],
  ['in Beirut at one, where midnight is left out', '2026-03-29', 'Asia/Beirut', '2026-03-28T22:00:00Z'],
  ['in Havana at the first of two midnights', '2026-11-01', 'America/Havana', '2026-11-01T04:00:00Z'],
  ["in St John's before clocks went back over midnight", '2010-11-07', 'America/St_Johns', '2010-11-07T02:30:00Z'],
  ['in Apia on the day that was left out, with the next', '2011-12-30', 'Pacific/Apia', '2011-12-30T10:00:00Z'],
]

test('a later day begins with the offset of its own date', () => {
  assert.equal(startOfDay('2026-03-28', 'Europe/Berlin', 2), Date.parse('2026-03-29T22:00:00Z'))
  assert.equal(startOfDay('9999-12-31', null, 1), Date.UTC(10_000, 0))
})

for (const [claim, day, zone, instant] of BEGINNINGS) {
  test(`a day begins ${claim}`, () =>
    assert.equal(new Date(startOfDay(day, zone)).toISOString(), instant.replace('Z', '.000Z')))
}

test('a time on a day is what clocks show there, also on the days that are shorter and longer', () => {
  const at = (day: string, time: string) => new Date(timeOnDay(day, time, 'Europe/Berlin')).toISOString().slice(0, 16)
  assert.equal(at('2026-06-01', '08:30'), '2026-06-01T06:30')
  assert.equal(at('2026-03-29', '08:30'), '2026-03-29T06:30')
  assert.equal(at('2026-10-25', '08:30'), '2026-10-25T07:30')
  assert.equal(at('2026-10-25', '02:30'), '2026-10-25T00:30', 'the first of two')
  assert.equal(at('2026-03-29', '02:30'), '2026-03-29T01:30', 'half past three, since there is no half past two')
})

test('a day exists', () => {
  for (const day of ['2028-02-29', '2026-12-31']) assert.ok(isDay(day), day)
  for (const text of ['2026-02-29', '2026-02-30', '2026-13-01', '0026-01-01', '2026-1-1', '2026-01-01T00:00Z', ''])
    assert.ok(!isDay(text), text)
})
