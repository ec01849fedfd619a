import assert from 'node:assert/strict'
import { test } from 'node:test'

import { seconds } from '#foundation/kernel/time.ts'
import { lastPollBefore, shownUserCode, userCodeIn } from './device-code.ts'

test('a user code is read in any case, with spaces and hyphens anywhere, and is nothing else', () => {
  const typed = [
    'BCDF-GHJK',
    'bcdfghjk',
    ' bcdf ghjk\n',
    'b c-d_f—g.h/j k',
    'ＢＣＤＦ－ＧＨＪＫ',
    'Bcdf\u00A0Ghjk\u200B',
  ]
  for (const text of typed) assert.equal(userCodeIn(text), 'BCDFGHJK', text)
  for (const text of ['', 'BCDFGHJ', 'BCDFGHJKL', 'ABCDFGHJ', 'BCDFGHJ1', 'BCDFGHJß', 'BCDFGHJKé', '12345678'])
    assert.equal(userCodeIn(text), undefined, text)
  assert.equal(shownUserCode('BCDFGHJK'), 'BCDF-GHJK')
})

test('a device may ask every five seconds, or a second earlier', () => {
  assert.equal(lastPollBefore(seconds(100)), seconds(96))
})
