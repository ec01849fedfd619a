import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { anyText } from '#test/support/generators/any-text.ts'
import { foldName } from './fold.ts'

const SAME: readonly [one: string, other: string][] = [
  ['Ada', 'aDA'],
  ['STRASSE', 'straße'],
  ['strasse', 'STRAẞE'],
  ['jürgen', 'JU\u0308RGEN'],
  ['ΣΊΣΥΦΟΣ', 'σίσυφος'],
  ['σίσυφος', 'σίσυφοσ'],
  ['ａｄａ', 'ada'],
  ['ﬁn', 'FIN'],
  ['İ', 'i\u0307'],
]

for (const [one, other] of SAME) {
  test(`${one} and ${other} are one name`, () => assert.equal(foldName(one), foldName(other)))
}

test('folding twice is folding once', () => {
  fc.assert(fc.property(anyText(), (text) => foldName(foldName(text)) === foldName(text)))
})

test('every character folds like its upper and lower case and like itself folded', () => {
  const differing: string[] = []
  for (let point = 0; point < 0x20000; point++) {
    const character = String.fromCodePoint(point)
    const forms = [character.toUpperCase(), character.toLowerCase(), character.normalize('NFD'), foldName(character)]
    if (forms.some((form) => foldName(form) !== foldName(character))) differing.push(point.toString(16))
  }
  assert.deepEqual(differing, [])
})

test('upper and lower case of a text fold to the same', () => {
  fc.assert(
    fc.property(anyText(), (text) => {
      assert.equal(foldName(text.toUpperCase()), foldName(text))
      assert.equal(foldName(text.toLowerCase()), foldName(text))
    }),
  )
})

test('every Unicode form of a text folds to the same', () => {
  const form = fc.constantFrom('NFC', 'NFD', 'NFKC', 'NFKD')
  fc.assert(fc.property(anyText(), form, (text, name) => foldName(text.normalize(name)) === foldName(text)))
})

test('a lone surrogate is folded without an error', () => assert.equal(foldName('A\ud800'), 'a\ud800'))
