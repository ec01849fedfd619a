import assert from 'node:assert/strict'
import { test } from 'node:test'

import { days, hours, minutes, seconds } from '#foundation/kernel/time.ts'
import { stated as inEnglish } from './english/stated.ts'
import { stated as inGerman, statedDative } from './german/stated.ts'
import { ageInWords, spanInWords, waitInWords } from './spans.ts'

type Cases = readonly (readonly [length: number, inEnglish: string, inGerman: string])[]

const WAITS: Cases = [
  [0, '1 second', '1 Sekunde'],
  [0.2, '1 second', '1 Sekunde'],
  [29.2, '30 seconds', '30 Sekunden'],
  [60, '1 minute', '1 Minute'],
  [270, '4 minutes, 30 seconds', '4 Minuten, 30 Sekunden'],
  [3600, '1 hour', '1 Stunde'],
  [3661, '1 hour, 1 minute, 1 second', '1 Stunde, 1 Minute und 1 Sekunde'],
  [180_000, '50 hours', '50 Stunden'],
]

const AGES: Cases = [
  [minutes(90), '1 hour, 30 minutes', '1 Stunde, 30 Minuten'],
  [days(2) - seconds(1), '47 hours, 59 minutes, 59 seconds', '47 Stunden, 59 Minuten und 59 Sekunden'],
  [days(2), '2 days', '2 Tage'],
  [days(14) + hours(1) + minutes(25), '14 days, 1 hour', '14 Tage, 1 Stunde'],
]

const SPANS: Cases = [
  [days(7), '7 days', '7 Tage'],
  [days(1), '24 hours', '24 Stunden'],
  [hours(1), '1 hour', '1 Stunde'],
  [minutes(90), '90 minutes', '90 Minuten'],
  [seconds(61), '61 seconds', '61 Sekunden'],
  [1, '1 second', '1 Sekunde'],
]

for (const [what, inWords, cases] of [
  ['a wait of seconds', waitInWords, WAITS],
  ['an age', ageInWords, AGES],
  ['a span', spanInWords, SPANS],
] as const) {
  test(`${what} is said in words`, () => {
    for (const [length, inEnglish, inGerman] of cases)
      assert.deepEqual([inWords('en', length), inWords('de', length)], [inEnglish, inGerman])
  })
}

test('an unknown wait is not said', () => {
  assert.equal(waitInWords('de', undefined), undefined)
})

test('a limit is stated as Intl says the same span, and numbers have the separators of the language', () => {
  for (const span of [seconds(1), seconds(30), minutes(1), minutes(30), hours(1), days(1), days(7), days(366)]) {
    assert.deepEqual([inEnglish.span(span), inGerman.span(span)], [spanInWords('en', span), spanInWords('de', span)])
  }
  assert.deepEqual(
    [inEnglish.count(1_234_567), inGerman.count(1000), inEnglish.count(999)],
    ['1,234,567', '1.000', '999'],
  )
  assert.deepEqual([inEnglish.word(12), inEnglish.word(13), inGerman.word(3)], ['twelve', '13', 'drei'])
  assert.deepEqual([inEnglish.spelled(hours(1)), inGerman.spelled(hours(1))], ['one hour', 'eine Stunde'])
  assert.deepEqual([inEnglish.days(days(1)), statedDative.span(days(30))], ['1 day', '30 Tagen'])
})
