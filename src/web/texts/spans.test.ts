import assert from 'node:assert/strict'
import { test } from 'node:test'

import { waitInWords } from './spans.ts'

const WAITS: readonly [wait: number, inEnglish: string, inGerman: string][] = [
  [0, '1 second', '1 Sekunde'],
  [0.2, '1 second', '1 Sekunde'],
  [29.2, '30 seconds', '30 Sekunden'],
  [60, '1 minute', '1 Minute'],
  [270, '4 minutes, 30 seconds', '4 Minuten, 30 Sekunden'],
  [3600, '1 hour', '1 Stunde'],
  [3661, '1 hour, 1 minute, 1 second', '1 Stunde, 1 Minute und 1 Sekunde'],
  [180_000, '50 hours', '50 Stunden'],
]

for (const [wait, inEnglish, inGerman] of WAITS) {
  test(`a wait of ${wait} seconds is said in words`, () => {
    assert.equal(waitInWords('en', wait), inEnglish)
    assert.equal(waitInWords('de', wait), inGerman)
  })
}

test('a wait that nobody knows is not said', () => {
  assert.equal(waitInWords('de', undefined), undefined)
})
