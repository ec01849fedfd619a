import assert from 'node:assert/strict'
import { test } from 'node:test'

import { day, dayAndTime, timeOfDay } from './day-and-time.ts'

const INSTANT = Date.UTC(2027, 5, 2, 22, 5)

test('a day and a time of day are said in the reader’s language and zone', () => {
  const cases = [
    ['en', 'Europe/Vienna', '3 June 2027', '00:05'],
    ['de', 'Europe/Vienna', '3. Juni 2027', '00:05'],
    ['en', null, '2 June 2027', '22:05 UTC'],
    ['de', 'No/Such_Zone', '2. Juni 2027', '22:05 UTC'],
  ] as const
  for (const [language, timeZone, date, time] of cases) {
    const reader = { say: { language }, timeZone }
    assert.deepEqual([day(reader, INSTANT), timeOfDay(reader, INSTANT)], [date, time])
  }
})

test('the end of something is said to the minute, with its day of the week and its zone', () => {
  const cases = [
    ['en', 'Europe/Vienna', 'Thu, 3 Jun 2027, 00:05 CEST'],
    ['en', null, 'Wed, 2 Jun 2027, 22:05 UTC'],
    ['de', 'Europe/Vienna', 'Do., 3. Juni 2027, 00:05 MESZ'],
    ['de', 'No/Such_Zone', 'Mi., 2. Juni 2027, 22:05 UTC'],
  ] as const
  for (const [language, timeZone, text] of cases)
    assert.equal(dayAndTime({ say: { language }, timeZone }, INSTANT), text)
})
