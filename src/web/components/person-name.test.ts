import assert from 'node:assert/strict'
import { test } from 'node:test'

import { render } from '../html.ts'
import { texts } from '../texts.ts'
import { name, withNames } from './person-name.ts'

test('a name stands apart from the text around it and is no markup', () => {
  assert.equal(render(name('عائشة')), '<bdi>عائشة</bdi>')
  assert.equal(render(name('</bdi><b>')), '<bdi>&lt;/bdi&gt;&lt;b&gt;</bdi>')
})

const SENTENCES: readonly [sentence: (...names: string[]) => string, markup: string][] = [
  [(who) => `Remove ${who}`, 'Remove <bdi>עדה</bdi>'],
  [(who, by) => `${who}, ${by} & 3 others`, '<bdi>עדה</bdi>, <bdi>Grace 1</bdi> &amp; 3 others'],
  [(who, by) => `${by}: ${who}, ${who}`, '<bdi>Grace 1</bdi>: <bdi>עדה</bdi>, <bdi>עדה</bdi>'],
  [() => 'Nobody', 'Nobody'],
]

for (const [sentence, markup] of SENTENCES) {
  test(`names stand apart wherever "${sentence('…', '…')}" has them`, () => {
    assert.equal(render(withNames(sentence, 'עדה', 'Grace 1')), markup)
  })
}

test('sentences of the catalogue go in as they are', () => {
  const { deletion } = texts('de').user
  assert.equal(render(withNames(deletion.question, 'עדה')), 'Das Konto von <bdi>עדה</bdi> löschen?')
})
