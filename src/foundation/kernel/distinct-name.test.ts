import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { distinctNameKey, isDistinctName, isShownInFull } from './distinct-name.ts'

/** Zero-width space, word joiner, soft hyphen, mark of direction, filler, variation selector, tag, Braille blank, byte order mark. */
const INVISIBLE = ['\u200B', '\u2060', '\u00AD', '\u200F', '\u3164', '\uFE0F', '\u{E0061}', '\u2800', '\uFEFF']

test('a name with an invisible character is not told apart from the one without it', () => {
  for (const invisible of [...INVISIBLE, '  ', ' \u00A0', '\u202E', '\n'])
    for (const name of [`staff${invisible}x`, `${invisible}staff`])
      assert.ok(!isDistinctName(name), JSON.stringify(name))
  for (const name of ['Staff', 'Straße 7', 'תמיכה', '👩 Research', "L'équipe"]) assert.ok(isDistinctName(name), name)
})

test('joiners may stand in a name, count for nothing when it is compared, and hide no double space', () => {
  const persian = 'می\u200Cخواهم'
  const sinhala = 'ශ්\u200Dරී'
  for (const name of [persian, sinhala, '👩\u200D💻']) {
    assert.ok(isDistinctName(name), name)
    assert.ok(!isShownInFull(name), name)
    assert.equal(distinctNameKey(name), distinctNameKey(name.replaceAll(/[\u200C\u200D]/g, '')))
  }
  assert.equal(distinctNameKey('\u200DSta\u200Cff\u200C '), distinctNameKey('STAFF'))
  // Between a letter and its mark a joiner prevents the composed form.
  assert.equal(distinctNameKey('Cafe\u200D\u0301'), distinctNameKey('Café'))
  assert.equal(distinctNameKey(' \u200C\u200D '), '')
  assert.ok(!isDistinctName('two \u200C spaces'))
})

test('any number of joiners anywhere leaves the key as it is', () => {
  const joiner = fc.constantFrom('\u200C', '\u200D')
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), joiner, fc.nat(), (name, mark, at) => {
      const letters = Array.from(name)
      letters.splice(at % (letters.length + 1), 0, mark)
      assert.equal(distinctNameKey(letters.join('')), distinctNameKey(name))
    }),
  )
})
