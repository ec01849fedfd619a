import assert from 'node:assert/strict'
import { test } from 'node:test'

import { texts } from '#foundation/texts/texts.ts'
import { render } from '../html.ts'
import { name, withNames } from './person-name.ts'

test('a name is isolated from the text around it and escaped', () => {
  assert.equal(render(name('عائشة')), '<bdi>عائشة</bdi>')
  assert.equal(render(name('</bdi><b>')), '<bdi>&lt;/bdi&gt;&lt;b&gt;</bdi>')
})

test('a username of a legacy database reorders no text either', () => {
  assert.equal(render(name('a\u2069\u202Eb')), '<bdi>a\u{FFFD}\u{FFFD}b</bdi>')
  assert.equal(render(withNames((who) => `Remove ${who}`, '\u2069\u202E')), 'Remove <bdi>\u{FFFD}\u{FFFD}</bdi>')
})

const SENTENCES: readonly [sentence: (...names: string[]) => string, markup: string][] = [
  [(who) => `Remove ${who}`, 'Remove <bdi>עדה</bdi>'],
  [(who, by) => `${who}, ${by} & 3 others`, '<bdi>עדה</bdi>, <bdi>Grace 1</bdi> &amp; 3 others'],
  [(who, by) => `${by}: ${who}, ${who}`, '<bdi>Grace 1</bdi>: <bdi>עדה</bdi>, <bdi>עדה</bdi>'],
  [() => 'Nobody', 'Nobody'],
]

for (const [sentence, markup] of SENTENCES) {
  test(`names are isolated wherever "${sentence('…', '…')}" has them`, () => {
    assert.equal(render(withNames(sentence, 'עדה', 'Grace 1')), markup)
  })
}

test('sentences of the catalogue are kept unchanged', () => {
  const { signOut } = texts('de').user
  assert.equal(render(withNames(signOut.question, 'עדה')), '<bdi>עדה</bdi> überall abmelden?')
})
