import assert from 'node:assert/strict'
import { test } from 'node:test'

import { days, hours, LAST_INSTANT, minutes, seconds } from '#foundation/kernel/time.ts'
import { texts } from '#foundation/texts/texts.ts'
import { render } from '../html.ts'
import { deadline, exactly, moment, relatively } from './moments.ts'

const NOW = Date.UTC(2030, 0, 31, 12, 0, 0)
const [english, german] = [texts('en'), texts('de')]

const AWAY: readonly [away: number, inEnglish: string, inGerman: string][] = [
  [0, 'just now', 'gerade eben'],
  [-seconds(59), 'just now', 'gerade eben'],
  [seconds(59), 'in a moment', 'gleich'],
  [-minutes(1), '1 minute ago', 'vor 1 Minute'],
  [minutes(1), 'in 1 minute', 'in 1 Minute'],
  [-minutes(4), '4 minutes ago', 'vor 4 Minuten'],
  [-minutes(59), '59 minutes ago', 'vor 59 Minuten'],
  [hours(1), 'in 1 hour', 'in 1 Stunde'],
  [-hours(23), '23 hours ago', 'vor 23 Stunden'],
  [-hours(25), '1 day ago', 'vor 1 Tag'],
  [days(3), 'in 3 days', 'in 3 Tagen'],
  [-days(31), '1 month ago', 'vor 1 Monat'],
  [days(364), 'in 12 months', 'in 12 Monaten'],
  [-days(400), '1 year ago', 'vor 1 Jahr'],
  [days(365_000), 'in 1,000 years', 'in 1.000 Jahren'],
  [-days(365_000), '1,000 years ago', 'vor 1.000 Jahren'],
]

for (const [away, inEnglish, inGerman] of AWAY) {
  test(`${away / 1000} seconds away are "${inEnglish}"`, () => {
    assert.equal(relatively({ say: english, now: NOW }, NOW + away), inEnglish)
    assert.equal(relatively({ say: german, now: NOW }, NOW + away), inGerman)
  })
}

const ZONES: readonly [timeZone: string | null | undefined, inEnglish: string, inGerman: string][] = [
  [undefined, '31 Jan 2030, 12:00:00 UTC', '31.01.2030, 12:00:00 UTC'],
  [null, '31 Jan 2030, 12:00:00 UTC', '31.01.2030, 12:00:00 UTC'],
  ['Europe/Berlin', '31 Jan 2030, 13:00:00 CET', '31.01.2030, 13:00:00 MEZ'],
  ['Asia/Kathmandu', '31 Jan 2030, 17:45:00 GMT+5:45', '31.01.2030, 17:45:00 GMT+5:45'],
  ['Pacific/Kiritimati', '1 Feb 2030, 02:00:00 GMT+14', '01.02.2030, 02:00:00 GMT+14'],
]

for (const [timeZone, inEnglish, inGerman] of ZONES) {
  test(`the exact moment in ${timeZone ?? 'no zone'} names its zone`, () => {
    assert.equal(exactly({ say: english, timeZone }, NOW), inEnglish)
    assert.equal(exactly({ say: german, timeZone }, NOW), inGerman)
  })
}

test('an unknown time zone means UTC', () => {
  for (const timeZone of ['', 'Mars/Olympus', 'x'.repeat(10_000), '<b>', '\0', '__proto__'])
    assert.equal(exactly({ say: english, timeZone }, NOW), exactly({ say: english }, NOW), timeZone.slice(0, 20))
})

test('time zones beyond the size of the cache are still distinguished', () => {
  const zones = Intl.supportedValuesOf('timeZone').slice(0, 250)
  for (const timeZone of [...zones, 'Europe/Berlin'])
    assert.notEqual(exactly({ say: english, timeZone }, NOW), '', timeZone)
  assert.match(exactly({ say: english, timeZone: 'Europe/Berlin' }, NOW), /CET$/)
})

test('a moment is relative in the text, and exact on hover and for machines', () => {
  const shown = render(moment({ say: german, now: NOW, timeZone: 'Europe/Berlin' }, NOW - hours(2)))
  assert.equal(
    shown.replaceAll(/\s+>/g, '>'),
    '<time datetime="2030-01-31T10:00:00.000Z" title="31.01.2030, 11:00:00 MEZ">vor 2 Stunden</time>',
  )
})

test('the first and the last date can be shown, and instants beyond are shown as these', () => {
  for (const say of [english, german]) {
    for (const end of [LAST_INSTANT, -LAST_INSTANT]) {
      const furthest = render(moment({ say, now: NOW }, end))
      assert.match(furthest, /datetime="[+-]\d{6}-\d\d-\d\dT/)
      assert.equal(render(moment({ say, now: NOW }, end * 2)), furthest)
    }
  }
})

test('a deadline shows its date in the zone and language of the reader, and how far away it is, as text', () => {
  const shown = (say: typeof english, timeZone: string | null, at: number): string =>
    render(deadline({ say, now: NOW, timeZone }, at))
      .replaceAll(/<[^>]*>/g, '')
      .replaceAll(/\s+/g, ' ')
      .trim()
  const far = NOW + days(13)
  assert.equal(shown(english, null, far), 'Wed, 13 Feb 2030, 12:00 UTC · in 13 days')
  assert.equal(shown(english, 'Asia/Kathmandu', far), 'Wed, 13 Feb 2030, 17:45 GMT+5:45 · in 13 days')
  assert.equal(shown(german, 'Europe/Berlin', far), 'Mi., 13. Feb. 2030, 13:00 MEZ · in 13 Tagen')
  assert.equal(shown(english, null, NOW - hours(2)), 'Thu, 31 Jan 2030, 10:00 UTC · 2 hours ago')
})
