import assert from 'node:assert/strict'
import { test } from 'node:test'

import { render } from '../html.ts'
import { avatar, hueOf, initialsOf } from './avatar.ts'

const SUBJECT = '0b8f6c0e5d0e4b0f9c0d1a2b3c4d5e6f'

const people: readonly [fullName: string | null, username: string, initials: string][] = [
  ['Ada Lovelace', 'ada', 'AL'],
  ['Augusta Ada King', 'ada', 'AK'],
  ['Plato', 'plato', 'P'],
  [null, 'grace', 'G'],
  ['', 'grace', 'G'],
  ['   ', 'grace', 'G'],
  ['山田 太郎', 'yamada', '山太'],
  ['ليلى الحدّاد', 'layla', 'لا'],
  ['👩‍👩‍👧 family', 'family', '👩‍👩‍👧F'],
  ['e\u0301mile zola', 'emile', 'E\u0301Z'],
]
for (const [fullName, username, initials] of people) {
  test(`the initials of ${JSON.stringify(fullName)}, ${username}, are ${initials}`, () => {
    assert.equal(initialsOf({ subject: SUBJECT, fullName, username }), initials)
  })
}

test('the colour follows from the subject, so that it stays when a user is renamed', () => {
  const before = render(avatar({ subject: SUBJECT, username: 'ada', fullName: 'Ada Lovelace' }))
  const after = render(avatar({ subject: SUBJECT, username: 'countess', fullName: 'Ada King' }))
  const hueIn = (markup: string) => /hue-\d/.exec(markup)?.[0]
  assert.equal(hueIn(before), 'hue-3')
  assert.equal(hueIn(after), hueIn(before))
})

test('each colour is that of some subjects, and an unreadable subject has one too', () => {
  const all = Array.from({ length: 256 }, (_, byte) => hueOf(byte.toString(16).padStart(2, '0')))
  assert.deepEqual(
    [...new Set(all)].toSorted((one, other) => one - other),
    [0, 1, 2, 3, 4, 5, 6, 7],
  )
  assert.equal(hueOf('?'), 0)
})

test('an avatar is hidden from screen readers, and its letters are escaped', () => {
  const markup = render(avatar({ subject: SUBJECT, username: '<script>', fullName: null }, { state: 'off' }))
  assert.match(markup, /^<bdi class="avatar hue-3 off" aria-hidden="true">&lt;<\/bdi>$/)
})
